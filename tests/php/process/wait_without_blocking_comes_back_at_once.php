<?php
// wait(false) is false while no child has ended, and gives one as soon as there is one.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    $process->read();
});
$pid = $process->start();
$begin = hrtime(true);
same([false, []], warnings(fn () => Swoole\Process::wait(false)));
between(0, 1e9, hrtime(true) - $begin, 'nanoseconds of a wait that does not wait');
$process->write('end');
same(['pid' => $pid, 'code' => 0, 'signal' => 0], eventually(fn () => Swoole\Process::wait(false), 'it has ended'));
