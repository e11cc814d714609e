<?php
// A timer's time counts from the call that set it, not from the loop's begin; a busy script does not put it off.
// mode: any
// time: a timer that is overdue when the loop begins
require __DIR__ . '/../../support/php/bootstrap.php';

$begin = hrtime(true);
swoole_timer_after(60, function () use (&$passed, $begin) {
    $passed = (hrtime(true) - $begin) / 1e6;
});
usleep(60_000); // time: the timer becomes due
loop();
between(60, 110, $passed, 'milliseconds');
