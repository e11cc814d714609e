<?php
// SIGUSR2 and reload(true) renew the task workers, their code too, and no worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$write = fn (string $text) => file_put_contents(tmp('code.php'), "<?php return '$text';");
$write('old');
$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server) => $server->taskwait('x', PATIENCE),
        'reload' => fn ($server) => $server->reload(true),
    ]);
    $server->set(['worker_num' => 2, 'task_worker_num' => 2]);
    $server->on('workerStart', fn () => $GLOBALS['code'] = include tmp('code.php'));
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
    $server->on('afterReload', fn () => note('after'));
    $server->on('workerError', fn () => note('error'));
    $server->on('task', fn () => $GLOBALS['code']);
});
same('old', $srv->call('wait'));
foreach (['signal' => fn () => $srv->signal(SIGUSR2), 'call' => fn () => same(true, $srv->call('reload'))] as $how => $reload) {
    [$before, $notes] = [pids($srv, 4), count($srv->notes('after'))];
    $write($how);
    $reload();
    $srv->await('after', $notes + 1);
    $now = pids($srv, 4);
    same(array_slice($before, 0, 2), array_slice($now, 0, 2), "workers after a reload by $how");
    ok(!array_intersect(array_slice($before, 2), $now), "all task workers are new after a reload by $how");
    same($how, $srv->call('wait'));
}
$stopped = array_unique(array_column($srv->notes('stop'), 0));
sort($stopped);
same([2, 3], $stopped);
same([], $srv->notes('error'));
$srv->stop();
