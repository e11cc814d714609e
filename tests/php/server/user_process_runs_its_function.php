<?php
// addProcess(): the function runs in a process of its own, beside the workers, with its Swoole\Process as argument.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['stats' => fn ($server) => [$server->stats()['user_worker_num'], $server->worker_pid]]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $server->on('workerStart', fn ($server, $id) => note('workerStart', $id));
    foreach (['one', 'two'] as $name) {
        note('added', $server->addProcess(new Swoole\Process(function (...$arguments) use ($server, $name) {
            [$process] = $arguments;
            note($name, count($arguments), $process::class, $process->pid === getmypid(), $process->id, is_int($process->pipe), $server->worker_id, $server->taskworker);
            note("pids of $name", posix_getppid(), $server->master_pid, $server->manager_pid);
            holdFor('/never');
        })));
    }
});
[$one, $two] = [$srv->await('one'), $srv->await('two')];
same([1, 'Swoole\Process', true], array_slice($one, 0, 3));
ok($one[3] !== $two[3], 'each has a number of its own');
same([true, 2, false], array_slice($one, 4));
same([true, 3, false], array_slice($two, 4));
[$parent, $master, $manager] = $srv->await('pids of one');
same([base() ? $master : $manager, $srv->pid], [$parent, $master]);
[$number, $worker] = $srv->call('stats');
same(2, $number);
$pids = [$srv->notesWithPids('one')[0][0], $srv->notesWithPids('two')[0][0]];
ok(count(array_unique([...$pids, $worker, $srv->worker(1), $parent, $master])) >= (base() ? 5 : 6), 'they are processes of their own');
same(2, count($srv->notes('added')));
ok(!in_array([false], $srv->notes('added'), true), 'addProcess() does not refuse');
$started = array_column($srv->notes('workerStart'), 0);
sort($started);
same([0, 1], $started, 'workers and task workers that onWorkerStart was called in');
$srv->stop();
same([], array_filter($pids, alive(...)), 'user processes after the end');
