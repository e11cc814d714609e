<?php
// A signal with a pcntl handler wakes the loop but nothing else: timers still do not fire early, dispatch-less reads go on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = 0;
pcntl_signal(SIGALRM, function () use (&$got) {
    $got++;
    $got < 5 && posix_kill(getmypid(), SIGALRM);
});
$begin = hrtime(true);
swoole_timer_after(50, function () use (&$passed, $begin) {
    $passed = hrtime(true) - $begin;
});
posix_kill(getmypid(), SIGALRM);
swoole_event_wait();
ok($passed >= 50e6, "a timer of 50 ms fired after $passed ns");
same(5, $got);
