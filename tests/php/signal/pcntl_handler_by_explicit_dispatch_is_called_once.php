<?php
// A script that dispatches by itself, in a callback, and the loop that dispatches too: one signal is one call.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = 0;
pcntl_signal(SIGUSR1, function () use (&$got) {
    $got++;
});
swoole_timer_after(1, function () {
    posix_kill(getmypid(), SIGUSR1);
    pcntl_signal_dispatch();
});
swoole_timer_after(20, fn () => null);
loop();
same(1, $got);
pcntl_signal(SIGUSR1, SIG_IGN);
posix_kill(getmypid(), SIGUSR1);
swoole_timer_after(5, fn () => null);
loop();
same(1, $got);
