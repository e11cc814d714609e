<?php
// A child may start processes of its own, and waits for them only.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    $own = [];
    for ($n = 1; $n <= 3; $n++) {
        $grandchild = new Swoole\Process(fn ($process) => exit((int) $process->read()));
        $own[] = $grandchild->start();
        $grandchild->write((string) $n);
    }
    $codes = 0;
    while ($one = Swoole\Process::wait()) {
        ok(in_array($one['pid'], $own, true), 'one of its own');
        $codes += $one['code'];
    }
    $process->write((string) $codes);
});
$pid = $process->start();
same('6', $process->read());
same(['pid' => $pid, 'code' => 0, 'signal' => 0], Swoole\Process::wait());
same(false, Swoole\Process::wait());
