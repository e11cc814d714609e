<?php
// A signal with a handler ends the wait: false, and the handler has been called.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$got = [];
pcntl_signal(SIGUSR1, function ($signo) use (&$got) {
    $got[] = $signo;
});
$parent = getmypid();
if (($child = pcntl_fork()) === 0) {
    while (state($parent) !== 'S') {
    }
    posix_kill($parent, SIGUSR1);
    posix_kill(getmypid(), SIGKILL);
}
[$read, $none] = [[$one], null];
$begin = hrtime(true);
same(false, swoole_select($read, $none, $none, PATIENCE));
between(0, 10_000, (hrtime(true) - $begin) / 1e6, 'milliseconds');
same([SIGUSR1], $got);
pcntl_waitpid($child, $status);
