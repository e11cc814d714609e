<?php
// swoole_timer_list() is what there was when it was called: clearing and setting timers while it is walked changes nothing in it; it counts and can be
// walked again.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$set = [];
for ($n = 0; $n < 100; $n++) {
    $set[] = $n % 2 ? swoole_timer_tick(60_000, fn () => null) : Swoole\Timer::after(60_000, fn () => null);
}
$walked = [];
foreach ($list = swoole_timer_list() as $id) {
    $walked[] = $id;
    same(true, swoole_timer_clear($id));
    $id % 10 === 0 && $more[] = swoole_timer_after(60_000, fn () => null);
}
same($set, $walked);
same([100, $set], [count($list), iterator_to_array($list, false)]);
same(10, count($more));
sort($more);
same($more, iterator_to_array(Swoole\Timer::list(), false));
swoole_timer_after(1, function () use ($more) {
    array_map('swoole_timer_clear', iterator_to_array(swoole_timer_list())); // all that are left, in a callback
});
loop();
same([], iterator_to_array(swoole_timer_list()));
