<?php
// freeQueue() ends the waiting of everybody: pop() is false there.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    $process->write('begins');
    [$answer] = warnings(fn () => $process->pop());
    exit($answer === false ? 8 : 9);
});
$process->useQueue(-1);
$pid = $process->start();
same('begins', $process->read());
awaitAsleep($pid);
same(true, $process->freeQueue());
same(8, Swoole\Process::wait()['code']);
