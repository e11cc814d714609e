<?php
// A callback that blocks longer than its tick's period: what it missed does not come all at once afterwards.
// mode: any
// time: two periods after a pause
require __DIR__ . '/../../support/php/bootstrap.php';

$at = [];
$begin = hrtime(true);
swoole_timer_tick(20, function ($id) use ($begin, &$at) {
    $at[] = (hrtime(true) - $begin) / 1e6;
    count($at) === 1 && usleep(110_000); // time: five ticks are missed
    count($at) === 4 && swoole_timer_clear($id);
});
loop();
ok($at[1] >= 130 && $at[2] >= $at[1] + 1 && $at[3] >= 160, 'ticks come one a period: ' . json_encode($at));
