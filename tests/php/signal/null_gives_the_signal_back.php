<?php
// After null the system's own behaviour is back: SIGUSR1 ends the process. Without a handler null is refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script(<<<'PHP'
    swoole_process::signal(SIGUSR1, function () {
        echo "handled\n";
        swoole_process::signal(SIGUSR1, null);
        posix_kill(getmypid(), SIGUSR1);
        echo "not reached\n";
    });
    swoole_timer_after(1, fn () => posix_kill(getmypid(), SIGUSR1));
    PHP);
same([128 + SIGUSR1, "handled\n"], [$code, $output]);
[$result, $messages] = warnings(fn () => Swoole\Process::signal(SIGUSR2, null));
same([false, 1], [$result, count($messages)]);
