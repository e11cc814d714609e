<?php
// A server does not start in a pool's worker, nor in a callback of a plain script's loop; it says why and what to do.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$start = function () {
    $server = new Swoole\Server('127.0.0.1', 0);
    $server->on('receive', fn () => null);
    return $server->start();
};
$srv = pool([
    'message' => fn () => note('in a worker', ...warnings($start)),
    'start' => fn ($pool) => $pool->sendMessage('x', 0),
], 1, SWOOLE_IPC_UNIXSOCK);
[$answer, [$warning]] = $srv->await('in a worker');
same(false, $answer);
contains('pool', $warning);
$srv->stop();

swoole_timer_after(1, function () use ($start) {
    [$answer, [$warning]] = warnings($start);
    same(false, $answer);
    contains('callback of the loop', $warning);
});
swoole_event_wait();
