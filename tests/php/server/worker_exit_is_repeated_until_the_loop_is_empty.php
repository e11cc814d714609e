<?php
// onWorkerExit runs again and again while timers are left; when it clears the last one the worker leaves at once. Task workers too.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['worker_num' => 1, 'task_worker_num' => 1, 'max_wait_time' => 20]);
    $server->on('task', fn () => null);
    $server->on('workerStart', fn ($server) => $GLOBALS['timer'] = $server->tick(1000, fn () => null));
    $server->on('workerExit', function ($server, $id) {
        note("exit $id");
        static $calls = 0;
        if (++$calls === 3) {
            $server->clearTimer($GLOBALS['timer']);
        }
    });
    $server->on('workerStop', fn ($server, $id) => note("stop $id"));
});
$begin = microtime(true);
$srv->signal(SIGTERM);
$srv->ended();
between(0, 8, microtime(true) - $begin, 'seconds until the end');
foreach ([0, 1] as $id) {
    same([3, 1], [count($srv->notes("exit $id")), count($srv->notes("stop $id"))], "worker $id");
}
