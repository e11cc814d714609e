<?php
// dispatch() waits for one turn of the loop and comes back; with nothing set it does not wait.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

pcntl_alarm((int) PATIENCE);
same(true, swoole_event_dispatch());
$ran = 0;
$tick = swoole_timer_tick(5, function () use (&$ran) {
    $ran++;
});
for ($turns = 1; $turns <= 3; $turns++) {
    same(true, swoole_event_dispatch());
    same($turns, $ran);
}
swoole_timer_clear($tick);
same(true, swoole_event_dispatch());
same(3, $ran);
