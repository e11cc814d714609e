<?php
// pcntl_signal("10", ...) in a script without strict types is followed as pcntl_signal(10, ...) is: the loop wakes up for it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

same([0, "got 10\n"], script('
    pcntl_signal("10", function ($signo) use (&$timer) {
        echo "got $signo\n";
        swoole_timer_clear($timer);
    });
    $timer = swoole_timer_after(3600_000, fn () => null);
    swoole_timer_after(1, fn () => posix_kill(getmypid(), 10));'));
