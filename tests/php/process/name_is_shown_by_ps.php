<?php
// name() changes what ps shows of a process, of that process only.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    same(true, $process->name('a child of the tests'));
    $process->write('named');
    $process->read();
});
$pid = $process->start();
$own = file_get_contents('/proc/self/cmdline');
same('named', $process->read());
same('a child of the tests', rtrim(file_get_contents("/proc/$pid/cmdline"), "\0 "));
same($own, file_get_contents('/proc/self/cmdline'));
$process->write('end');
Swoole\Process::wait();
