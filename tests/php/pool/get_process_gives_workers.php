<?php
// getProcess() gives a worker as a Swoole\Process: without a number the own one. What is written to another's pipe is a message there.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'workerStart' => function ($pool, $id) {
        $own = $pool->getProcess();
        note('own', get_class($own), $own->pid === getmypid(), $own->id === $id, $pool->getProcess($id)->pid === getmypid());
        [$answer, $warnings] = warnings(fn () => $pool->getProcess(2));
        note('missing', $answer, $warnings[0] ?? '');
    },
    'start' => function ($pool) {
        $process = $pool->getProcess(1);
        note('other', $process->pid, $process->write('written to the pipe'));
    },
    'message' => fn ($pool, $data) => note('got', $pool->workerId, $data),
], 2, SWOOLE_IPC_UNIXSOCK);
for ($n = 1; $n <= 2; $n++) {
    same([Swoole\Process::class, true, true, true], $srv->await('own', $n));
    [$answer, $warning] = $srv->await('missing', $n);
    same(false, $answer);
    contains('2', $warning);
}
same([$srv->worker(1), 19], $srv->await('other'));
same([1, 'written to the pipe'], $srv->await('got'));
$srv->stop();
