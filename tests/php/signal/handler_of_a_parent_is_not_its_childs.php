<?php
// A forked process begins without the handlers of its parent: its loop is empty.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script(<<<'PHP'
    swoole_process::signal(SIGUSR1, function () {
        echo getmypid() === $GLOBALS['parent'] ? "parent\n" : "child\n";
        swoole_process::signal(SIGUSR1, null);
    });
    $parent = getmypid();
    if (pcntl_fork() === 0) {
        swoole_event_wait();
        swoole_process::signal(SIGUSR2, function () {
            echo "child's own\n";
            swoole_process::signal(SIGUSR2, null);
        });
        posix_kill(getmypid(), SIGUSR2);
        exit(0);
    }
    pcntl_wait($status);
    posix_kill(getmypid(), SIGUSR1);
    PHP);
same([0, "child's own\nparent\n"], [$code, $output]);
