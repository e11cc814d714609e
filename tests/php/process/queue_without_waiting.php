<?php
// With IPC_NOWAIT pop() of an empty queue and push() into a full one are false at once, without a warning.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(fn () => null);
same(true, $process->useQueue(-1, 2 | Swoole\Process::IPC_NOWAIT, 4096));
try {
    same([false, []], warnings(fn () => $process->pop()));
    for ($pushed = 0; $pushed < 1000 && $process->push(str_repeat('x', 100)); $pushed++) {
    }
    between(10, 41, $pushed, 'messages of 100 bytes in a queue of 4096 bytes');
    same([false, []], warnings(fn () => $process->push(str_repeat('x', 100))));
    same(['queue_num' => $pushed, 'queue_bytes' => 100 * $pushed], $process->statQueue());
    same(str_repeat('x', 100), $process->pop());
    same(true, $process->push('again'));
} finally {
    same(true, $process->freeQueue());
}
