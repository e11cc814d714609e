<?php
// clear_all(), also from a timer's own callback: nothing fires any more and the loop ends.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$ran = 0;
$count = function () use (&$ran) {
    $ran++;
    same(true, Swoole\Timer::clearAll());
    same(0, swoole_timer_stats()['num']);
};
swoole_timer_tick(2, $count);
swoole_timer_tick(2, $count);
swoole_timer_after(2, $count);
loop();
same(1, $ran);
swoole_timer_after(1, $count);
same(true, swoole_timer_clear_all());
loop();
same(1, $ran);
