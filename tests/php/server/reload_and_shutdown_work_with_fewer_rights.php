<?php
// user: a worker that gave up its rights reloads and ends the server all the same, though it may signal neither manager nor master. Needs root.
require __DIR__ . '/../../support/php/bootstrap.php';

if (posix_getuid() !== 0) {
    exit(0);
}
$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'reload' => fn ($server, $onlyTasks) => $server->reload($onlyTasks),
        'shutdown' => fn ($server) => note('shutdown', $server->shutdown(), posix_getuid()),
    ]);
    $server->set(['user' => 'nobody', 'task_worker_num' => 1, 'worker_num' => 2]);
    $server->on('task', fn () => null);
    $server->on('afterReload', fn () => note('reloaded'));
});
[$worker, $taskWorker] = [$srv->worker(0), $srv->worker(2)];
same(true, $srv->call('reload', true));
$srv->await('reloaded');
ok($srv->worker(2) !== $taskWorker && $srv->worker(0) === $worker, 'the task worker is another one');
same(true, $srv->call('reload', false));
$srv->await('reloaded', 2);
ok($srv->worker(0) !== $worker, 'and so is the worker');
begin($srv, 'shutdown');
same([true, posix_getpwnam('nobody')['uid']], $srv->await('shutdown'));
$srv->ended();
