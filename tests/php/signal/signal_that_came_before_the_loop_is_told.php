<?php
// Signals that arrive before wait() or while a callback runs wait for the loop; several of one number are told once or more, never lost.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = [];
foreach ([SIGUSR1, SIGUSR2, SIGWINCH] as $signo) {
    Swoole\Process::signal($signo, function ($signo) use (&$got) {
        $got[] = $signo;
        Swoole\Process::signal($signo, null);
    });
    posix_kill(getmypid(), $signo);
}
loop();
sort($got);
same([SIGUSR1, SIGUSR2, SIGWINCH], $got);
