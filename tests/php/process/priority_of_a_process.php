<?php
// setPriority() makes a process nicer to others, itself or a child; getPriority() tells.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(fn ($process) => $process->read());
same(0, (new Swoole\Process(fn () => null))->getPriority(PRIO_PROCESS, 0));
$pid = $process->start();
same(true, $process->setPriority(PRIO_PROCESS, 7));
same(7, $process->getPriority(PRIO_PROCESS));
same([7, 0], [pcntl_getpriority($pid), pcntl_getpriority(getmypid())]);
same(true, $process->setPriority(PRIO_PROCESS, 9, $pid));
same(9, $process->getPriority(PRIO_PROCESS, $pid));
$process->write('end');
Swoole\Process::wait();
[$answer] = warnings(fn () => $process->getPriority(PRIO_PROCESS, $pid));
same([false, 3], [$answer, swoole_last_error()], 'of a process that is gone');
[$answer, [$warning]] = warnings(fn () => $process->setPriority(77, 1));
same(false, $answer);
contains('77', $warning);
