<?php
// A tick of 10 ms whose callback takes 3 ms: after two seconds it is still on its grid, none is early and none is lost for good.
// mode: any
// time: two seconds of ticks
require __DIR__ . '/../../support/php/bootstrap.php';

$begin = hrtime(true);
$at = [];
swoole_timer_tick(10, function ($id) use ($begin, &$at) {
    $at[] = (hrtime(true) - $begin) / 1e6;
    if (end($at) > 2000) {
        swoole_timer_clear($id);
        return;
    }
    for ($until = hrtime(true) + 3e6; hrtime(true) < $until;);
});
loop();
between(20, 200, count($at), 'ticks in 2,000 ms'); // each on a slot of its own; a busy machine misses some
$late = array_map(fn ($ms) => fmod($ms, 10), $at);
sort($late);
between(0, 8, $late[intdiv(count($late), 2)], 'milliseconds off the grid, for half of the ticks');
foreach ($at as $n => $ms) {
    ok($ms >= 10 * ($n + 1), 'tick ' . ($n + 1) . " after $ms ms is not early");
}
