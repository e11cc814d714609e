<?php
// What a queue cannot do is refused with a warning: too long a message with the limit, an empty one, a mode or key that does not exist, no queue, a removed one.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(fn () => null);
foreach ([fn () => $process->push('x'), fn () => $process->pop(), fn () => $process->statQueue(), fn () => $process->freeQueue()] as $action) {
    [$answer, [$warning]] = warnings($action);
    same([false, SWOOLE_ERROR_WRONG_OPERATION], [$answer, swoole_last_error()]);
    contains('queue', $warning);
}
foreach ([[-1, 3], [-1, 0], [1 << 40]] as $arguments) {
    [$answer, [$warning]] = warnings(fn () => $process->useQueue(...$arguments));
    same([false, SWOOLE_ERROR_INVALID_PARAMS], [$answer, swoole_last_error()], json_encode($arguments));
}
same(true, $process->useQueue(-1));
try {
    $most = (int) file_get_contents('/proc/sys/kernel/msgmax');
    [$answer, [$warning]] = warnings(fn () => $process->push(str_repeat('x', $most + 1)));
    same([false, SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE], [$answer, swoole_last_error()]);
    contains((string) $most, $warning);
    [$answer, [$warning]] = warnings(fn () => $process->push(''));
    same(false, $answer);
    same(0, $process->statQueue()['queue_num'], 'nothing was cut or put in');
    same(true, $process->push(str_repeat('x', $most)), 'as long as is allowed');
    same($most, strlen($process->pop()));
} finally {
    same(true, $process->freeQueue());
}
foreach ([fn () => $process->push('x'), fn () => $process->pop(), fn () => $process->statQueue()] as $action) {
    same(false, warnings($action)[0], 'of a removed queue');
}
