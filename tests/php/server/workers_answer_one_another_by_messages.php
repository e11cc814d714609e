<?php
// Two workers play ping-pong with messages, ten thousand times.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['go' => fn ($server) => $server->sendMessage(10_000, 1)]);
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $server->on('pipeMessage', fn ($server, $source, $left) => $left ? $server->sendMessage($left - 1, $source) : note('end', $server->worker_id));
});
$srv->call('go');
same([1], $srv->await('end'));
$srv->stop();
