<?php
// Swoole\Process::signal(): the handler gets the number of the signal, from the loop, and may be replaced.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = [];
$handle = function (int $signo) use (&$got) {
    $got[] = $signo;
    if (count($got) === 3) {
        Swoole\Process::signal(SIGUSR1, null);
        Swoole\Process::signal(SIGUSR2, null);
    }
};
same(true, Swoole\Process::signal(SIGUSR1, fn () => throw new LogicException('replaced')));
same(true, Swoole\Process::signal(SIGUSR1, $handle));
same(true, swoole_process::signal(SIGUSR2, $handle));
posix_kill(getmypid(), SIGUSR1);
same([], $got, 'nothing is called outside the loop');
swoole_timer_after(1, fn () => posix_kill(getmypid(), SIGUSR2));
swoole_timer_after(5, fn () => posix_kill(getmypid(), SIGUSR1));
loop();
same([SIGUSR1, SIGUSR2, SIGUSR1], $got);
