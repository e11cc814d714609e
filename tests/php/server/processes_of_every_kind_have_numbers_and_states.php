<?php
// getWorkerId(), getWorkerPid() and getWorkerStatus() know workers, task workers and user processes; stats() counts them by kind.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'tell' => fn ($server) => [
            array_map(fn ($id) => $server->getWorkerPid($id), [0, 1, 2]),
            array_map(fn ($id) => $server->getWorkerStatus($id), [0, 1]),
            array_map(fn ($id) => warnings(fn () => $server->getWorkerPid($id))[0], [3, 99, -2]),
            array_intersect_key($server->stats(), ['worker_num' => 0, 'task_worker_num' => 0, 'user_worker_num' => 0]),
        ],
        'task' => fn ($server) => $server->taskwait('x', PATIENCE),
        'hold' => fn ($server) => $server->task('hold'),
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data === 'hold') {
            note('held');
            holdFor(tmp('go'));
        }
        return [$server->getWorkerId(), $server->getWorkerPid(), $server->worker_pid, getmypid()];
    });
    $server->addProcess(new Swoole\Process(function () use ($server) {
        note('user', $server->getWorkerId(), $server->getWorkerPid());
        holdFor('/never');
    }));
});
[$id, $pid] = $srv->await('user');
same(2, $id);
[$pids, $states, $none, $numbers] = $srv->call('tell');
same([$srv->worker(0), $srv->worker(1), $pid], $pids);
same(SWOOLE_WORKER_BUSY, $states[0]);
same([false, false, false], $none);
ksort($numbers);
same(['task_worker_num' => 1, 'user_worker_num' => 1, 'worker_num' => 1], $numbers);
same([1, $srv->worker(1), $srv->worker(1), $srv->worker(1)], $srv->call('task'));
eventually(fn () => $srv->call('tell')[1][1] === SWOOLE_WORKER_IDLE, 'the task worker is idle');
$srv->call('hold');
$srv->await('held');
same(SWOOLE_WORKER_BUSY, $srv->call('tell')[1][1]);
touch(tmp('go'));
$srv->stop();
