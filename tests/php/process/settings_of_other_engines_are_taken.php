<?php
// enable_coroutine, as fourth argument or by set(), changes nothing; an unknown setting is told.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(fn ($process) => $process->write('runs'), false, 2, true);
same([null, []], warnings(fn () => $process->set(['enable_coroutine' => true])));
$process->start();
same('runs', $process->read());
Swoole\Process::wait();
[, [$warning]] = warnings(fn () => $process->set(['enable_corutine' => true]));
contains('enable_corutine', $warning);
contains('enable_coroutine', $warning);
