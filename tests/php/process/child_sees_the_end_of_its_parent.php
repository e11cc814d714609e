<?php
// A child that reads a stream comes to its end when the parent closes the pipe, or is gone: it holds no other end of it itself.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    same('before', $process->read());
    same('', $process->read(), 'the end');
    exit(9);
}, false, Swoole\Process::PIPE_TYPE_STREAM);
$pid = $process->start();
$process->write('before');
same(true, $process->close());
same(['pid' => $pid, 'code' => 9, 'signal' => 0], Swoole\Process::wait());

$file = tmp('child');
$parent = new Sibling(function (Sibling $test) use ($file) {
    $process = new Swoole\Process(function (Swoole\Process $process) use ($file) {
        file_put_contents($file, 'began');
        same('', $process->read());
        file_put_contents($file, 'saw the end');
    }, false, Swoole\Process::PIPE_TYPE_STREAM);
    $test->say($process->start());
    $test->hear();
});
$child = $parent->hear();
eventually(fn () => @file_get_contents($file) === 'began', 'the child has begun');
$parent->kill();
eventually(fn () => file_get_contents($file) === 'saw the end', 'the child sees it');
eventually(fn () => !alive($child), 'the child has ended');
