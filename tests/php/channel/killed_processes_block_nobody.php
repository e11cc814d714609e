<?php
// Processes that are killed in the midst of push() and pop() leave the channel usable and no value torn.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$channel = new Swoole\Channel(5_000);
killedInTheMidst(60, function (int $n) use ($channel) {
    $channel->push([$n, str_repeat('x', $n % 200)]);
    $n % 2 && $channel->pop();
});
$begin = hrtime(true);
for ($count = 0; ($value = $channel->pop()) !== false; $count++) {
    same(str_repeat('x', $value[0] % 200), $value[1]);
}
same(['queue_num' => 0, 'queue_bytes' => 0], $channel->stats());
for ($round = 0; $round < 200; $round++) {
    for ($n = 0; $n < 20; $n++) {
        same(true, $channel->push([$round, str_repeat('y', 80)]), 'no room was lost');
    }
    for ($n = 0; $n < 20; $n++) {
        same([$round, str_repeat('y', 80)], $channel->pop());
    }
}
between(0, 5e9, hrtime(true) - $begin, 'nanoseconds');
