<?php
// With useQueue() processes of one key share a queue: what the parent pushes is popped by whoever is free, each message once.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$workers, $messages] = [3, 300];
$processes = [];
$key = random_int(1, 0x7fffffff);
for ($n = 0; $n < $workers; $n++) {
    $process = new Swoole\Process(function (Swoole\Process $process) {
        for ($got = []; ($message = $process->pop()) !== 'end'; $got[] = (int) $message) {
        }
        $process->write(serialize($got));
    });
    same(true, $process->useQueue($key));
    $process->start();
    $processes[] = $process;
}
try {
    ok(is_int($process->msgQueueId), 'msgQueueId is a number');
    same($key, $process->msgQueueKey);
    for ($n = 1; $n <= $messages; $n++) {
        same(true, $process->push((string) $n));
    }
    array_map(fn ($process) => $process->push('end'), $processes);
    $got = array_map(fn ($process) => unserialize($process->read(1 << 20)), $processes);
    $all = array_merge(...$got);
    sort($all);
    same(range(1, $messages), $all);
    foreach ($got as $one) {
        same($one, (function () use ($one) { sort($one); return $one; })(), 'in the order they were pushed');
    }
    foreach ($processes as $process) {
        same(0, Swoole\Process::wait()['code']);
    }
} finally {
    same(true, $process->freeQueue());
}
