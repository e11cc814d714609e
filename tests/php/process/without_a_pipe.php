<?php
// Pipe type 0 leaves the pipe out: no descriptor is used, and the process runs all the same.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$before = descriptors();
$process = new Swoole\Process(fn ($process) => exit($process->pipe === null ? 5 : 6), false, Swoole\Process::PIPE_TYPE_NONE);
same([$before, null], [descriptors(), $process->pipe]);
$process->start();
same(5, Swoole\Process::wait()['code']);
foreach ([fn () => $process->write('x'), fn () => $process->read(), fn () => $process->close(), fn () => $process->setBlocking(false)] as $action) {
    [$answer, [$warning]] = warnings($action);
    same([false, SWOOLE_ERROR_WRONG_OPERATION], [$answer, swoole_last_error()]);
    contains('pipe', $warning);
}
