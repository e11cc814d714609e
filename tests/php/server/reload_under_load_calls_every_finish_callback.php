<?php
// Workers and task workers are reloaded again and again while tasks with callbacks are given: every callback is called once.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['worker_num' => 2, 'task_worker_num' => 2, 'max_wait_time' => 10]);
    $given = $called = $twice = 0;
    $tick = null;
    $open = [];
    $server->on('workerStart', function ($server, $id) use (&$given, &$called, &$twice, &$open, &$tick) {
        if ($id >= 2) {
            return;
        }
        $tick = $server->tick(1, function () use ($server, &$given, &$called, &$twice, &$open) {
            for ($n = 0; $n < 5; $n++) {
                $taken = $server->task('x', -1, function ($server, $id) use (&$called, &$twice, &$open) {
                    isset($open[$id]) ? $called++ : $twice++;
                    unset($open[$id]);
                });
                $open[$taken] = true;
                $given += (int) ($taken !== false);
            }
        });
    });
    $server->on('workerExit', function ($server) use (&$tick) {
        $tick !== null && $server->clearTimer($tick);
        $tick = null;
    });
    $server->on('workerStop', function ($server, $id) use (&$given, &$called, &$twice) {
        $id < 2 && note('sum', $given, $called, $twice);
    });
    $server->on('workerError', fn () => note('error'));
    $server->on('afterReload', fn () => note('after'));
    $server->on('task', fn () => 'done');
});
for ($n = 1; $n <= 8; $n++) {
    $srv->signal($n % 2 ? SIGUSR1 : SIGUSR2);
    $srv->await('after', $n);
}
$srv->stop();
same([], $srv->notes('error'));
same(2 * 5, count($srv->notes('sum')), 'workers that have left');
foreach ($srv->notes('sum') as [$given, $called, $twice]) {
    same([$given, 0], [$called, $twice]);
}
ok(array_sum(array_column($srv->notes('sum'), 0)) > 100, 'there were tasks');
