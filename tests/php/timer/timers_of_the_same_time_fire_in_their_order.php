<?php
// Timers due at the same moment fire in the order in which they were set.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$ran = [];
for ($n = 0; $n < 200; $n++) {
    swoole_timer_after(5, function () use ($n, &$ran) {
        $ran[] = $n;
    });
}
loop();
same(range(0, 199), $ran);
