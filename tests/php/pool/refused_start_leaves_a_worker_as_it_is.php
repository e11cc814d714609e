<?php
// A worker in which the start of another pool was refused is a worker as before: what its timers throw is reported, and it goes on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'message' => function () {
        $other = new Swoole\Process\Pool(1);
        $other->on('workerStart', fn () => null);
        warnings(fn () => $other->start());
        Swoole\Timer::after(1, fn () => throw new RuntimeException('thrown by a timer'));
        Swoole\Timer::after(20, fn () => note('goes on', getmypid()));
        note('here', getmypid());
    },
    'start' => fn ($pool) => $pool->sendMessage('x', 0),
], 1, SWOOLE_IPC_UNIXSOCK);
$srv->allow('/thrown by a timer|worker|exception/i');
same($srv->await('here'), $srv->await('goes on'));
$srv->stop();
