<?php
// After setBlocking(false) read() of an empty pipe and write() to a full one fail at once with EAGAIN; setBlocking(true) makes them wait again.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    same('begin', $process->read());
    $process->write('first');
    same('more', $process->read());
    $process->write('second');
});
$process->start();
same(true, $process->setBlocking(false));
same([false, []], warnings(fn () => $process->read()));
same(SOCKET_EAGAIN, swoole_last_error());
$process->write('begin');
same('first', eventually(fn () => $process->read(), 'an answer is there'));
same(true, $process->setBlocking(true));
$process->write('more');
same('second', $process->read());
Swoole\Process::wait();

$full = new Swoole\Process(fn () => null);
$full->setBlocking(false);
for ($written = 0; $written < 10_000 && $full->write('x') === 1; $written++) {
}
between(1, 9_999, $written, 'datagrams until it is full');
same(SOCKET_EAGAIN, swoole_last_error());
