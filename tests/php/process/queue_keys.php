<?php
// Without a key the queue is that of the running script: any program finds it by ftok(). A private one is found by nobody.
// mode: any
// php: -d extension=sysvmsg
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(fn () => null);
same(true, $process->useQueue());
$private = new Swoole\Process(fn () => null);
$other = new Swoole\Process(fn () => null);
same([true, true], [$private->useQueue(-1), $other->useQueue(-1)]);
try {
    same(ftok(__FILE__, "\1"), $process->msgQueueKey);
    msg_send(msg_get_queue($process->msgQueueKey), 1, 'from another program', false);
    same('from another program', $process->pop());
    same(true, $process->push("any\0bytes"));
    msg_receive(msg_get_queue($process->msgQueueKey), 0, $type, 100, $message, false);
    same("any\0bytes", $message);

    ok($private->msgQueueId !== $other->msgQueueId, 'two private queues');
    $private->push('private');
    same(0, $other->statQueue()['queue_num']);
} finally {
    array_map(fn ($process) => $process->freeQueue(), [$process, $private, $other]);
}
ok(!msg_queue_exists(ftok(__FILE__, "\1")), 'it is removed');
