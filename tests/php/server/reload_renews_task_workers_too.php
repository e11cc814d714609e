<?php
// SIGUSR1 replaces workers and task workers.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['wait' => fn ($server) => $server->taskwait('x', PATIENCE)]);
    $server->set(['worker_num' => 2, 'task_worker_num' => 2]);
    $server->on('afterReload', fn () => note('after'));
    $server->on('task', fn () => 'done');
});
$before = pids($srv, 4);
$srv->signal(SIGUSR1);
$srv->await('after');
same([], array_values(array_intersect($before, pids($srv, 4))), 'processes that stayed');
same('done', $srv->call('wait'));
$srv->stop();
