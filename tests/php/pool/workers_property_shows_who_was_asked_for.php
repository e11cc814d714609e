<?php
// The property `workers` holds the processes that getProcess() gave, each the same object, with the numbers that they have now.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'start' => function ($pool) {
        same($pool->getProcess(0), $pool->getProcess(0));
        $pool->getProcess(1);
        note('workers', array_map(fn ($process) => $process->pid, $pool->workers));
        $before = $pool->workers[1]->pid;
        swoole_timer_tick(5, function ($timer) use ($pool, $before) {
            if ($pool->workers[1]->pid !== $before && $pool->workers[1]->pid !== null) {
                note('replaced', $pool->workers[1]->pid);
                swoole_timer_clear($timer);
            }
        });
    },
    'message' => fn () => null,
], 2, SWOOLE_IPC_UNIXSOCK);
same([[$srv->worker(0), $victim = $srv->worker(1)]], $srv->await('workers'));
$srv->allow('/worker 1 of the pool/');
posix_kill($victim, SIGKILL);
$srv->await('ready', 3);
same([$srv->worker(1)], $srv->await('replaced'));
$srv->stop();
