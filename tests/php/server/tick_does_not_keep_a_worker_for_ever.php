<?php
// A worker or task worker whose loop is never empty leaves within max_wait_time, in order, and the log names what held it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['worker_num' => 1, 'task_worker_num' => 1, 'max_wait_time' => 1]);
    $server->on('task', fn () => null);
    $server->on('workerStart', function ($server, $id) {
        $server->tick(1000 + $id, fn () => null);
        $id === 0 && $server->after(60_000, fn () => null);
    });
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
    $server->on('workerError', fn ($server, $id) => note('error', $id));
    $server->on('afterReload', fn () => note('after'));
});
$srv->allow('/worker|tick/i');
$old = pids($srv, 2);
$begin = microtime(true);
$srv->signal(SIGUSR1);
$srv->await('after');
between(0.5, 10, microtime(true) - $begin, 'seconds of a reload');
same([], array_values(array_intersect($old, pids($srv, 2))));
$begin = microtime(true);
$srv->stop();
between(0.5, 10, microtime(true) - $begin, 'seconds until the end');
matches('/tick every 1000 ms and a timer/', $srv->output());
matches('/tick every 1001 ms/', $srv->output());
same([], $srv->notes('error'));
$stops = array_column($srv->notes('stop'), 0);
sort($stops);
same([0, 0, 1, 1], $stops);
