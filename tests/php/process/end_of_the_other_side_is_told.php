<?php
// When the child has ended, read() gives what it had written, then an empty string, and write() fails, of a stream and of datagrams. No SIGPIPE ends the parent.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([Swoole\Process::PIPE_TYPE_STREAM, Swoole\Process::PIPE_TYPE_DGRAM] as $type) {
    $process = new Swoole\Process(fn ($process) => $process->write('last words'), false, $type);
    $process->start();
    Swoole\Process::wait();
    same('last words', $process->read());
    same(['', ''], [$process->read(), $process->read()]);
    [$answer, $warnings] = warnings(fn () => $process->write('nobody hears it'));
    same([false, []], [$answer, $warnings]);
    same(SOCKET_EPIPE, swoole_last_error());
}
