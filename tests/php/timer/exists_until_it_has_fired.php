<?php
// exists(): true until a timer has fired or is cleared; inside its own callback after() is gone, tick() still there.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$inside = [];
$after = swoole_timer_after(1, function () use (&$after, &$inside) {
    $inside['after'] = swoole_timer_exists($after);
});
$tick = swoole_timer_tick(1, function ($id) use (&$inside) {
    $inside['tick'] = swoole_timer_exists($id);
    swoole_timer_clear($id);
    $inside['cleared'] = swoole_timer_exists($id);
});
same([true, true], [swoole_timer_exists($after), swoole_timer_exists($tick)]);
loop();
ksort($inside);
same(['after' => false, 'cleared' => false, 'tick' => true], $inside);
same([false, false], [swoole_timer_exists($after), swoole_timer_exists($tick)]);
