<?php
// pop() waits for a message and push() for room; a handler of a signal runs meanwhile.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    $process->write('begins');
    same('for the child', $process->pop());
    for ($n = 0; $n < 100; $n++) {
        $process->push(str_repeat(chr(65 + $n % 26), 1000)); // more than fits
    }
});
$process->useQueue(-1, 2, 8192);
try {
    $pid = $process->start();
    same('begins', $process->read());
    awaitAsleep($pid);
    $process->push('for the child');
    eventually(fn () => $process->statQueue()['queue_num'] === 8, 'the queue is full');
    awaitAsleep($pid);
    for ($n = 0; $n < 100; $n++) {
        same(str_repeat(chr(65 + $n % 26), 1000), $process->pop());
    }
    same(0, Swoole\Process::wait()['code']);

    pcntl_signal(SIGALRM, fn () => throw new DomainException('from the handler'));
    pcntl_alarm(1);
    same('from the handler', throws(DomainException::class, fn () => $process->pop())->getMessage());
} finally {
    $process->freeQueue();
}
