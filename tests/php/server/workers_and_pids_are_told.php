<?php
// getWorkerId, getWorkerPid, getWorkerStatus, getManagerPid, getMasterPid and the properties, in each process.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    note('before', $server->master_pid, $server->worker_id, $server->getWorkerId(), $server->taskworker);
    $server->on('receive', function ($server, $fd) {
        $id = $server->worker_id;
        note('worker', [$server->getMasterPid(), $server->master_pid], [$server->getManagerPid(), $server->manager_pid], [$server->getWorkerId(), $id],
            [getmypid(), $server->getWorkerPid(), $server->getWorkerPid($id), $server->worker_pid], $server->getWorkerPid(1 - $id),
            [$server->getWorkerStatus(), $server->getWorkerStatus($id), $server->getWorkerStatus(1 - $id)],
            @$server->getWorkerPid(99), @$server->getWorkerStatus(99), $server->taskworker, [$server->host, $server->port, $server->mode, $server->type]);
        $server->send($fd, 'x');
    });
    $server->on('managerStart', fn ($server) => note('manager', $server->getMasterPid(), $server->getManagerPid(), $server->getWorkerId()));
});
$srv->allow('/worker/i');
same('x', $srv->connect()->ask('x'));
same([0, -1, false, false], $srv->await('before'));
[$master, $manager, [$own, $id], $pids, $other, $status, $noPid, $noStatus, $task, $address] = $srv->await('worker');
same([$srv->pid, $srv->pid], $master);
same($id, $own);
same(array_fill(0, 4, $srv->worker($id)), $pids);
same($srv->worker(1 - $id), $other);
same([SWOOLE_WORKER_BUSY, SWOOLE_WORKER_BUSY, SWOOLE_WORKER_IDLE], $status);
same([false, false, false], [$noPid, $noStatus, $task]);
same(['127.0.0.1', $srv->port, MODE, SWOOLE_SOCK_TCP], $address);
[[$managerPid, $seen]] = $srv->notesWithPids('manager');
same([$srv->pid, $managerPid, false], $seen);
same([$managerPid, $managerPid], $manager);
$srv->stop();
