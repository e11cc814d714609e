<?php
// After hundreds of processes there are no more descriptors, zombies or memory in use than after a few.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$round = function (int $many) {
    for ($n = 0; $n < $many; $n++) {
        $big = str_repeat('x', 1000);
        $process = new Swoole\Process(function ($process) use ($big) {
            posix_kill(getmypid(), SIGKILL);
        }, false, $n % 3);
        $process->big = $big;
        $process->start();
        same(SIGKILL, Swoole\Process::wait()['signal']);
    }
    unset($process);
    gc_collect_cycles();
};
error_reporting(E_ALL & ~E_DEPRECATED);
$round(30);
[$open, $memory] = [descriptors(), memory_get_usage()];
$round(300);
same($open, descriptors());
between(-1_000_000, 20_000, memory_get_usage() - $memory, 'bytes more');
same([], zombies());
