<?php
// Two thousand event-driven clients of one process, all connected at the same time: each gets its own answer.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, strrev($data)));
});
$many = 2000;
$connected = 0;
$got = $clients = [];
for ($n = 0; $n < $many; $n++) {
    $client = $clients[$n] = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    $client->on('connect', function () use (&$connected, &$clients, $many) {
        if (++$connected === $many) { // all are there: now they speak
            foreach ($clients as $n => $client) {
                $client->send("client $n");
            }
        }
    });
    $client->on('receive', function ($client, $data) use ($n, &$got) {
        $got[$n] = strrev($data);
        $client->close();
    });
    $client->on('error', fn ($client) => throw new Failed("client $n: $client->errMsg"));
    $client->on('close', fn () => null);
    $client->connect('127.0.0.1', $srv->port, PATIENCE);
}
loop();
ksort($got);
same(array_map(fn ($n) => "client $n", range(0, $many - 1)), $got);
$srv->stop();
