<?php
// A worker may close a connection that belongs to another one; onClose runs in the connection's own worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('connect', fn ($server, $fd) => note('connect', $fd));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $data === 'who' ? $server->send($fd, "$fd {$server->worker_id}\n") : note('closing', $server->close((int) $data));
    });
    $server->on('close', fn ($server, $fd, $reactor) => note('close', $fd, $server->worker_id, $reactor < 0));
});
$byWorker = [];
foreach ($srv->connectMany(16) as $client) {
    [$fd, $worker] = explode(' ', trim($client->write('who')->readTo()));
    $byWorker[$worker] = [$client, (int) $fd];
}
same(2, count($byWorker), 'workers that have clients');
$byWorker[0][0]->write((string) $byWorker[1][1]);
$byWorker[1][0]->closed();
same([$byWorker[1][1], 1, true], $srv->await('close'));
$srv->stop();
