<?php
// An exit code that no process can have is told in a warning, and the code is 1 then: nothing looks like success.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([256, -1, 1 << 40] as $code) {
    $process = new Swoole\Process(function (Swoole\Process $process) use ($code) {
        set_error_handler(fn ($number, $message) => $process->write($message));
        $process->exit($code);
    });
    $process->start();
    contains((string) $code, $process->read());
    same(1, Swoole\Process::wait()['code']);
}
