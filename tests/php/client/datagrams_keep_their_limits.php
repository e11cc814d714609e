<?php
// One recv() is one datagram, of up to 64 KiB; one that is too long to send is refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$socket, $port] = listener('udp://127.0.0.1:0');
$client = new Swoole\Client(SWOOLE_SOCK_UDP);
$client->connect('127.0.0.1', $port, PATIENCE);
$long = str_repeat('x', 60_000);
same(60_000, $client->send($long));
stream_socket_recvfrom($socket, 65536, 0, $from);
foreach (['one', $long, 'three'] as $data) {
    stream_socket_sendto($socket, $data, 0, $from);
}
foreach (['one', $long, 'three'] as $data) {
    ok($client->recv() === $data, strlen($data) . ' bytes');
}
[$result] = warnings(fn () => $client->send(str_repeat('x', 70_000)));
same([false, SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE], [$result, $client->errCode]);
