<?php
// Different signals, one handled by pcntl and one by the loop, in one process: both are told, again and again.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = [];
pcntl_signal(SIGUSR1, function () use (&$got) {
    $got[] = 'pcntl';
});
Swoole\Process::signal(SIGUSR2, function () use (&$got) {
    $got[] = 'loop';
    count($got) >= 4 && Swoole\Process::signal(SIGUSR2, null);
});
swoole_timer_tick(3, function ($id) use (&$got) {
    if (count($got) >= 4) {
        swoole_timer_clear($id);
        return;
    }
    posix_kill(getmypid(), count($got) % 2 ? SIGUSR2 : SIGUSR1);
});
loop();
same(['pcntl', 'loop', 'pcntl', 'loop'], $got);
