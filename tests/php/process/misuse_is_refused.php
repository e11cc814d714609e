<?php
// A process is started once, and not in itself; one that a server has is not started by hand. Each refusal says why.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    [$answer, [$warning]] = warnings(fn () => $process->start());
    $process->write(serialize([$answer, swoole_last_error(), $warning]));
});
$pid = $process->start();
[$answer, $error, $warning] = unserialize($process->read());
same([false, SWOOLE_ERROR_WRONG_OPERATION], [$answer, $error]);
contains('started', $warning);
Swoole\Process::wait();
[$answer, [$warning]] = warnings(fn () => $process->start());
same([false, SWOOLE_ERROR_WRONG_OPERATION], [$answer, swoole_last_error()]);
contains('started', $warning);
same($pid, $process->pid);

$server = new Swoole\Server('127.0.0.1', 0);
$of = new Swoole\Process(fn () => null);
$server->addProcess($of);
[$answer, [$warning]] = warnings(fn () => $of->start());
same(false, $answer);
contains('server', $warning);
[$answer, [$warning]] = warnings(fn () => $server->addProcess($process));
same(false, $answer);

$own = new Swoole\Process(fn () => null);
[$answer, [$warning]] = warnings(fn () => $own->exit(3)); // the test goes on
contains('exit()', $warning);
same(false, warnings(fn () => Swoole\Process::wait())[0]);
