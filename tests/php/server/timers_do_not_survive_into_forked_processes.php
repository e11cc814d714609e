<?php
// What the manager and a worker set runs there, and not in the processes that are forked of them.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['fork' => function ($server) {
        $server->tick(5, fn () => note('ticks of a worker', getmypid()));
        $pid = pcntl_fork();
        if ($pid === 0) {
            holdFor(tmp('go'));
            posix_kill(getmypid(), SIGKILL); // without PHP's end
        }
        return $pid;
    }]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $server->on('managerStart', fn ($server) => $server->tick(5, fn () => note('ticks of the manager')));
    $server->on('workerStart', fn ($server, $id) => $server->after(100, fn () => note('after in', $id)));
    $server->addProcess(new Swoole\Process(function () use ($server) {
        $server->after(100, fn () => note('after in', 'a user process') ?? $server->tick(1000, fn () => null));
    }));
});
$srv->await('after in', 3);
$srv->await('ticks of the manager', 10);
same(1, count(array_unique(array_column($srv->notesWithPids('ticks of the manager'), 0))), 'processes with the manager\'s timer');
$child = $srv->call('fork');
$srv->await('ticks of a worker', 10);
same(1, count(array_unique(array_column($srv->notesWithPids('ticks of a worker'), 0))), 'processes with the worker\'s timer');
touch(tmp('go'));
eventually(fn () => !alive($child), 'the process that the worker forked has ended');
$srv->allow('/tick|process/i');
$srv->stop();
