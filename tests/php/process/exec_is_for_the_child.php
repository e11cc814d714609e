<?php
// exec() makes another program of the child only: in the parent it is refused, and the script goes on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(fn ($process) => $process->read());
foreach ([1, 2] as $n) {
    [$answer, [$warning]] = warnings(fn () => $process->exec('/bin/echo', ['never']));
    same([false, SWOOLE_ERROR_WRONG_OPERATION], [$answer, swoole_last_error()]);
    contains('exec()', $warning);
    $n === 1 && $process->start();
}
$process->write('end');
same(0, Swoole\Process::wait()['code']);
