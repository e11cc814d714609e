<?php
// A pool does not start in a worker of a server or of another pool, nor beside a loop that holds something; it says why.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'message' => function () {
        $other = new Swoole\Process\Pool(1);
        $other->on('workerStart', fn () => null);
        note('in a worker', ...warnings(fn () => $other->start()));
    },
    'start' => fn ($pool) => $pool->sendMessage('x', 0),
], 1, SWOOLE_IPC_UNIXSOCK);
[$answer, [$warning]] = $srv->await('in a worker');
same(false, $answer);
contains('pool', $warning);
$srv->stop();
$pool = new Swoole\Process\Pool(1);
$pool->on('workerStart', fn () => null);
$timer = swoole_timer_after(60_000, fn () => null);
[$answer, [$warning]] = warnings(fn () => $pool->start());
same(false, $answer);
contains('timer', $warning);
swoole_timer_clear($timer);
