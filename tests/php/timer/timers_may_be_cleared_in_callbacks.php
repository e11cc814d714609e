<?php
// clear(): of itself, of others that are due in the same turn, and of what has fired or never was, which is false.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$ran = [];
$timers = [];
for ($n = 0; $n < 5; $n++) {
    $timers[$n] = swoole_timer_after(3, function () use ($n, &$timers, &$ran) {
        $ran[] = $n;
        foreach ($timers as $other => $id) {
            $cleared[$other] = swoole_timer_clear($id);
        }
        ksort($cleared);
        same([false, true, true, true, true], array_values($cleared));
    });
}
loop();
same([0], $ran);
same(false, @swoole_timer_clear($timers[0]));
same(false, @swoole_timer_clear(1 << 40));
same([false, false], [swoole_timer_exists($timers[1]), swoole_timer_exists(-1)]);
