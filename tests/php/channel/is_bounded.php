<?php
// A channel holds at least as many bytes as it was made for; then push() is false until something is popped. stats() tells what lies in it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$channel = new Swoole\Channel(10_000);
same(['queue_num' => 0, 'queue_bytes' => 0], $channel->stats());
for ($n = 0; $n < 10_000 && $channel->push(str_pad((string) $n, 100, '.')); $n++) {
}
between(50, 400, $n, 'values of 100 bytes');
ok(100 * $n >= 5_000, 'about as many as it was made for');
same([false, []], warnings(fn () => $channel->push('one more of a hundred bytes' . str_repeat('.', 200))));
$stats = $channel->stats();
same($n, $stats['queue_num']);
between(100 * $n, 110 * $n, $stats['queue_bytes'], 'bytes');
for ($round = 0; $round < 500; $round++) {
    same(str_pad((string) $round, 100, '.'), $channel->pop(), 'the oldest');
    same(true, $channel->push(str_pad((string) ($round + $n), 100, '.')), 'there is room again');
}
same($n, $channel->stats()['queue_num']);
[$answer, [$warning]] = warnings(fn () => $channel->push(str_repeat('x', 1 << 20)));
same(false, $answer);
contains((string) (1 << 20), $warning);
foreach ([0, -1] as $size) {
    contains((string) $size, throws(Throwable::class, fn () => new Swoole\Channel($size))->getMessage());
}
