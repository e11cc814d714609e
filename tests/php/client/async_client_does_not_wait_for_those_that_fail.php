<?php
// A hundred clients to hosts that answer, refuse or stay silent: each has its own end, all within the one timeout.
// mode: any
// time: a timeout of 300 ms for all
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(fn ($connection) => fwrite($connection, 'hello'));
[$full, $held] = fullPort();
$dead = deadPort();
$ends = [];
$begin = hrtime(true);
for ($n = 0; $n < 99; $n++) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    $client->on('connect', fn () => null);
    $client->on('receive', function ($client, $data) use ($n, &$ends) {
        $ends[$n] = $data;
    });
    $client->on('error', function ($client) use ($n, &$ends) {
        $ends[$n] = $client->errCode;
    });
    $client->on('close', fn () => null);
    $client->connect('127.0.0.1', [$peer->port, $dead, $full][$n % 3], $n % 3 === 0 ? PATIENCE : 0.3);
}
warnings(fn () => loop());
between(295, 3000, (hrtime(true) - $begin) / 1e6, 'milliseconds');
ksort($ends);
same(array_merge(...array_fill(0, 33, ['hello', SOCKET_ECONNREFUSED, SOCKET_ETIMEDOUT])), $ends);
