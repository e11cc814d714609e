<?php
// bind_address and bind_port: the peer sees them, and getsockname() tells them; a taken port is refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$own = freePort();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->set(['bind_address' => '127.0.0.2', 'bind_port' => $own]);
same(true, $client->connect('127.0.0.1', $port, PATIENCE));
same("127.0.0.2:$own", stream_socket_get_name(accepted($listener), true));
same(['host' => '127.0.0.2', 'port' => $own], $client->getsockname());
$second = new Swoole\Client(SWOOLE_SOCK_TCP);
$second->set(['bind_address' => '192.0.2.1']); // not ours
[$result, $messages] = warnings(fn () => $second->connect('127.0.0.1', $port, PATIENCE));
same([false, 1], [$result, count($messages)]);
contains('192.0.2.1', $messages[0]);
