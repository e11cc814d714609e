<?php
// getsockname(), getpeername() and getSocket() of a connection; of a datagram client the sender of what came last.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->connect('127.0.0.1', $port, PATIENCE);
[$host, $own] = explode(':', stream_socket_get_name(accepted($listener), true));
same(['host' => '127.0.0.1', 'port' => $port], $client->getpeername());
same(['host' => $host, 'port' => (int) $own], $client->getsockname());
$socket = $client->getSocket();
ok($socket instanceof Socket, 'a Socket');
socket_getsockname($socket, $host, $number);
same((int) $own, $number);
unset($socket);
same(true, $client->isConnected(), 'its Socket does not own the connection');
same(4, $client->send('data'));

[$datagrams, $port] = listener('udp://127.0.0.1:0');
$client = new Swoole\Client(SWOOLE_SOCK_UDP);
$client->connect('127.0.0.1', $port, PATIENCE);
$client->send('question');
stream_socket_recvfrom($datagrams, 100, 0, $from);
stream_socket_sendto($datagrams, 'answer', 0, $from);
same('answer', $client->recv());
same(['host' => '127.0.0.1', 'port' => $port], $client->getpeername());
