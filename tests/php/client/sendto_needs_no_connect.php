<?php
// sendto() of a datagram client: to any address, IPv4 and IPv6, and answers are heard; a stream client's is refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([[SWOOLE_SOCK_UDP, '127.0.0.1', 'udp://127.0.0.1:0'], [SWOOLE_SOCK_UDP6, '::1', 'udp://[::1]:0']] as [$type, $host, $address]) {
    [$socket, $port] = listener($address);
    $client = new Swoole\Client($type);
    same(true, $client->sendto($host, $port, 'question'));
    same('question', stream_socket_recvfrom($socket, 100, 0, $from));
    stream_socket_sendto($socket, 'answer', 0, $from);
    same('answer', $client->recv());
    same($port, $client->getpeername()['port']);
}
$stream = new Swoole\Client(SWOOLE_SOCK_TCP);
same(false, warnings(fn () => $stream->sendto('127.0.0.1', $port, 'x'))[0]);
