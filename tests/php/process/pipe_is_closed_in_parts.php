<?php
// close() ends reading or writing only, or closes the whole pipe; what is closed is refused with a warning.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$read, $write, $master, $worker] = [Swoole\Process::PIPE_READ, Swoole\Process::PIPE_WRITE, Swoole\Process::PIPE_MASTER, Swoole\Process::PIPE_WORKER];
$make = function () use (&$process) {
    $process = new Swoole\Process(function (Swoole\Process $process) {
        while (($data = $process->read()) !== '' && $data !== false) {
            $process->write("<$data>");
        }
        $process->write('saw the end');
        exit(6);
    }, false, Swoole\Process::PIPE_TYPE_STREAM);
    $process->start();
    $process->write('x');
    same('<x>', $process->read());
};

$make();
same(true, $process->close($write), 'the writing side');
same('saw the end', $process->read(), 'reading goes on');
same(6, Swoole\Process::wait()['code']);
same([false, []], warnings(fn () => $process->write('y')));
same(SOCKET_EPIPE, swoole_last_error());

$make();
same(true, $process->close($read), 'the reading side');
same('', $process->read());
same(true, $process->close($write));
Swoole\Process::wait();

$make();
same(true, $process->close($master), "the parent's end");
same(6, Swoole\Process::wait()['code'], 'the child saw the end');
foreach ([fn () => $process->read(), fn () => $process->write('y'), fn () => $process->close()] as $action) {
    [$answer, [$warning]] = warnings($action);
    same([false, SWOOLE_ERROR_WRONG_OPERATION], [$answer, swoole_last_error()]);
    contains('closed', $warning);
}
[$answer, [$warning]] = warnings(fn () => $process->close(77));
same(false, $answer);
contains('77', $warning);
