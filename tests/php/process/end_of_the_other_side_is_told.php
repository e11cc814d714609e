<?php
// When the child has ended, read() of a stream is an empty string and write() fails; of datagrams write() fails. No SIGPIPE ends the parent.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';


foreach ([Swoole\Process::PIPE_TYPE_STREAM, Swoole\Process::PIPE_TYPE_DGRAM] as $type) {
    $process = new Swoole\Process(fn ($process) => $process->write('last words'), false, $type);
    $process->start();
    Swoole\Process::wait();
    same('last words', $process->read());
    if ($type === Swoole\Process::PIPE_TYPE_STREAM) {
        same('', $process->read());
    }
    [$answer, $warnings] = warnings(fn () => $process->write('nobody hears it'));
    same([false, []], [$answer, $warnings]);
    same($type === Swoole\Process::PIPE_TYPE_STREAM ? SOCKET_EPIPE : SOCKET_ECONNREFUSED, swoole_last_error());
}
