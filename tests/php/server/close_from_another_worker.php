<?php
// A worker may close a connection that belongs to another one; onClose runs in the connection's own worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('connect', fn ($server, $fd) => note('connect', $fd));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $data === 'who' ? whoAnswers($server, $fd) : note('closing', $server->close((int) $data));
    });
    $server->on('close', fn ($server, $fd, $reactor) => note('close', $fd, $server->worker_id, $reactor < 0));
});
[[[$closing]], [[$closed, $fd]]] = $srv->clientsByWorker();
$closing->write((string) $fd);
$closed->closed();
same([$fd, 1, true], $srv->await('close'));
$srv->stop();
