<?php
// setTimeout() bounds each read() and write(): false with EAGAIN, and the pipe goes on working.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    $process->read();
    $process->write('here');
});
$process->start();
same(true, $process->setTimeout(0.05));
$begin = hrtime(true);
same([false, []], warnings(fn () => $process->read()));
between(0.045e9, 5e9, hrtime(true) - $begin, 'nanoseconds');
same(SOCKET_EAGAIN, swoole_last_error());
same(true, $process->setTimeout(PATIENCE));
$process->write('go on');
same('here', $process->read());
Swoole\Process::wait();

$full = new Swoole\Process(fn ($process) => null, false, Swoole\Process::PIPE_TYPE_STREAM);
$full->setTimeout(0.05);
same([false, []], warnings(fn () => $full->write(str_repeat('x', 8 << 20))), 'nobody reads');
same(SOCKET_EAGAIN, swoole_last_error());

same(false, @$full->setTimeout(NAN));
[$answer, [$warning]] = warnings(fn () => (new Swoole\Process(fn () => null, false, 0))->setTimeout(1));
same(false, $answer);
contains('without a pipe', $warning);
