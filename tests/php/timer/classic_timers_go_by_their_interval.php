<?php
// swoole_timer_add(): every so many milliseconds, with the interval as its argument; one of each interval; swoole_timer_del() ends it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = [];
$add = function (int $ms, int $times) use (&$got) {
    return swoole_timer_add($ms, function ($interval) use (&$got, $ms, $times) {
        $got[$ms][] = $interval;
        count($got[$ms]) === $times && ok(swoole_timer_del($ms), "timer of $ms ms is deleted");
    });
};
ok($add(2, 3), 'a timer of 2 ms');
ok($add(3, 2), 'a timer of 3 ms');
[$result, $messages] = warnings(fn () => $add(3, 2));
same([false, 1], [$result, count($messages)]);
foreach ([0, -1, 86_400_001] as $bad) {
    same([false, 1], array_map(fn ($v) => is_array($v) ? count($v) : $v, warnings(fn () => swoole_timer_add($bad, fn () => null))));
}
loop();
same([[2, 2, 2], [3, 3]], [$got[2], $got[3]]);
$got = [];
same(false, @swoole_timer_del(3));
ok($add(3, 3), 'the interval is free again');
loop();
same([3, 3, 3], $got[3]);
