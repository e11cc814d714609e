<?php
// kill() of a process that is not there is false with ESRCH, without a warning where only its life was asked for.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(fn () => null);
$pid = $process->start();
Swoole\Process::wait();
same([false, []], warnings(fn () => Swoole\Process::kill($pid, 0)));
same(3, swoole_last_error());
[$answer, [$warning]] = warnings(fn () => Swoole\Process::kill($pid, SIGTERM));
same([false, 3], [$answer, swoole_last_error()]);
contains((string) $pid, $warning);
[$answer, [$warning]] = warnings(fn () => Swoole\Process::kill(getmypid(), 999));
same([false, 22], [$answer, swoole_last_error()]);
