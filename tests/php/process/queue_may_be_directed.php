<?php
// In queue mode 1 each process pops what was pushed for it, though all have the same queue.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$processes = [];
$key = random_int(1, 0x7fffffff);
for ($n = 0; $n < 3; $n++) {
    $process = new Swoole\Process(function (Swoole\Process $process) {
        $process->write($process->pop() . ' ' . $process->pop());
    });
    same(true, $process->useQueue($key, 1));
    $process->start();
    $processes[] = $process;
}
try {
    same(3, count(array_unique(array_map(fn ($process) => $process->id, $processes))), 'different ids');
    foreach (['a', 'b'] as $letter) {
        foreach (array_reverse($processes, true) as $n => $process) {
            same(true, $process->push("$letter$n"));
        }
    }
    foreach ($processes as $n => $process) {
        same("a$n b$n", $process->read());
        same(0, Swoole\Process::wait()['code']);
    }
} finally {
    $process->freeQueue();
}
