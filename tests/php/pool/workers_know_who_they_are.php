<?php
// workerStart runs in each worker, with the pool and the worker's number; properties tell who is who.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$tells = fn ($pool) => [$pool->master_pid, $pool->workerId, $pool->workerPid, getmypid(), posix_getppid(), $pool->workerRunning, $pool->running];
$srv = pool([
    'workerStart' => function ($pool, $id) use ($tells) {
        note('worker', $id, $tells($pool), get_class($pool));
        $pool->workerRunning && holdFor(tmp('end'));
    },
    'start' => fn ($pool) => note('master', $tells($pool)),
], 3);
foreach ($srv->notesWithPids('worker') as [$pid, [$id, $told, $class]]) {
    same([$srv->pid, $id, $pid, $pid, $srv->pid, true, true], $told);
    same(Swoole\Process\Pool::class, $class);
}
[$master, $id, $worker, $pid] = $srv->await('master')[0];
same([$srv->pid, -1, -1, $srv->pid], [$master, $id, $worker, $pid]);
ok((new ReflectionClass('swoole_process_pool'))->getName() === Swoole\Process\Pool::class, 'the old name is the same class');
touch(tmp('end'));
$srv->allow('/worker/');
$srv->stop();
