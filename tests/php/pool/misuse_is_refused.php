<?php
// What a pool cannot do is refused and says why.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([[0], [100_000], [1, 77]] as $arguments) {
    contains((string) end($arguments), throws(Swoole\Exception::class, fn () => new Swoole\Process\Pool(...$arguments))->getMessage());
}
throws(ArgumentCountError::class, fn () => new Swoole\Process\Pool());
$refused = function (string $part, callable $action): void {
    [$answer, $warnings] = warnings($action);
    same(false, $answer ?? false);
    contains(strtolower($part), strtolower(implode("\n", $warnings)));
};
$pool = new Swoole\Process\Pool(1);
$refused('WorkerStart', fn () => $pool->on('workerStrat', fn () => null));
$refused('max_wait_time', fn () => $pool->set(['max_wait_tim' => 1]));
$refused('listen', fn () => $pool->listen('127.0.0.1', 0));
$refused('message', fn () => $pool->write('x'));
$refused('started', fn () => $pool->sendMessage('x', 0));
$refused('WorkerStart', fn () => $pool->start()); // nothing to do
$sockets = new Swoole\Process\Pool(1, SWOOLE_IPC_SOCKET);
$sockets->on('message', fn () => null);
$refused('listen', fn () => $sockets->start());
throws(TypeError::class, fn () => $pool->on('message', 'no such function'));
[$held, $taken] = listener();
$refused((string) $taken, fn () => $sockets->listen('127.0.0.1', $taken));
$refused('70000', fn () => $sockets->listen('127.0.0.1', 70_000));
$refused('no.such.host', fn () => $sockets->listen('no.such.host', 1));
