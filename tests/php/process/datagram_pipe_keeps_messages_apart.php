<?php
// A pipe of datagrams, which is the default, gives one read() for each write(), in order and both ways, of any bytes.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$messages = ['one', "two\0with a zero", str_repeat('x', 100_000), '', random_bytes(8000), '0'];
$process = new Swoole\Process(function (Swoole\Process $process) use ($messages) {
    foreach ($messages as $message) {
        $got = $process->read();
        same(strlen($got) + 1, $process->write("<$got"));
    }
});
$process->start();
foreach ($messages as $message) {
    same(strlen($message), $process->write($message));
    same("<$message", $process->read());
}
same(0, Swoole\Process::wait()['code']);
