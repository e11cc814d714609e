<?php
// Event-driven clients in a worker: it serves as a relay to another server, for many connections at the same time.
require __DIR__ . '/../../support/php/bootstrap.php';

$behind = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->after(30, fn () => $server->send($fd, strrev($data)));
    });
});
$relay = serve(function (Swoole\Server $server) use ($behind) {
    $clients = [];
    $server->set(['worker_num' => 1]);
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($behind, &$clients) {
        $client = $clients[$fd] = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
        $client->on('connect', fn ($client) => $client->send($data));
        $client->on('receive', function ($client, $data) use ($server, $fd) {
            $server->send($fd, $data);
            $client->close();
        });
        $client->on('error', fn ($client) => $server->send($fd, "error $client->errCode"));
        $client->on('close', function () use ($fd, &$clients) {
            unset($clients[$fd]);
        });
        $client->connect('127.0.0.1', $behind->port, PATIENCE);
    });
});
$clients = $relay->connectMany(30);
foreach ($clients as $n => $client) {
    $client->write("question $n");
}
foreach ($clients as $n => $client) {
    same(strrev("question $n"), $client->read(strlen("question $n")));
}
$relay->stop();
$behind->stop();
