<?php
// Three hundred timers of 1 to 60 ms: never a microsecond early by the monotonic clock, and in the order of their times.
// mode: any
// time: how long until each fires
require __DIR__ . '/../../support/php/bootstrap.php';

$fired = [];
for ($n = 0; $n < 300; $n++) {
    $delay = 1 + ($n * 7919) % 60;
    $begin = hrtime(true);
    swoole_timer_after($delay, function () use ($delay, $begin, &$fired) {
        $fired[] = [$delay, hrtime(true) - $begin];
    });
}
loop();
same(300, count($fired));
foreach ($fired as [$delay, $passed]) {
    between($delay * 1e6, $delay * 1e6 + 1e9, $passed, "nanoseconds of a timer of $delay ms");
}
$late = array_map(fn ($one) => $one[1] - $one[0] * 1e6, $fired);
sort($late);
between(0, 20e6, $late[150], 'nanoseconds that half of them were late');
// A difference of 5 ms is never turned around.
$longest = 0;
foreach ($fired as [$delay]) {
    ok($delay > $longest - 5, "a timer of $delay ms before one of $longest ms");
    $longest = max($longest, $delay);
}
