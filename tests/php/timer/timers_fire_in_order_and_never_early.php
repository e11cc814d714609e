<?php
// Three hundred timers of 1 to 60 ms: never a microsecond early by the monotonic clock, and in the order of their times.
// mode: any
// time: how long until each fires
require __DIR__ . '/../../support/php/bootstrap.php';

$fired = [];
for ($n = 0; $n < 300; $n++) {
    $delay = 1 + ($n * 7919) % 60;
    $set = [hrtime(true) + $delay * 1_000_000];
    swoole_timer_after($delay, function () use (&$set, &$fired) {
        $fired[] = [...$set, hrtime(true)];
    });
    $set[] = hrtime(true) + $delay * 1_000_000;
    unset($set);
}
loop();
same(300, count($fired));
$latest = 0;
// Each was due between `earliest` and `last`, depending on when in the call the clock was read.
foreach ($fired as [$earliest, $last, $at]) {
    between(0, 1e9, $at - $earliest, 'nanoseconds after its time');
    ok($last >= $latest - 1000, 'it is no later one before an earlier one');
    $latest = max($latest, $earliest);
}
$late = array_map(fn ($one) => $one[2] - $one[1], $fired);
sort($late);
between(-1e6, 20e6, $late[150], 'nanoseconds that half of them were late');
