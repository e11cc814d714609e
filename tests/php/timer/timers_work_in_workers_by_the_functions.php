<?php
// swoole_timer_* in a worker and a task worker: the same timers as the server's own methods, in that process.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('receive', fn () => null);
    $server->on('task', fn () => null);
    $server->on('workerStart', function ($server) {
        $where = $server->taskworker ? 'task worker' : 'worker';
        swoole_timer_tick(2, function ($id, $extra) use ($server, $where) {
            note($where, $extra, swoole_timer_exists($id), $server->clearTimer($id), swoole_timer_exists($id));
        }, 'extra');
        $id = $server->after(60_000, fn () => null);
        note("$where clears", swoole_timer_clear($id));
    });
});
foreach (['worker', 'task worker'] as $where) {
    same(['extra', true, true, false], $srv->await($where));
    same([true], $srv->await("$where clears"));
}
$srv->stop();
