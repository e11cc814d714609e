<?php
// Numbers that are no signal, SIGKILL and SIGSTOP: false with a warning; what is no callable is a TypeError.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([0, -1, 65, SIGKILL, SIGSTOP] as $signo) {
    [$result, $messages] = warnings(fn () => Swoole\Process::signal($signo, fn () => null));
    same([false, 1], [$result, count($messages)], "signal $signo");
    contains((string) $signo, $messages[0]);
}
throws(TypeError::class, fn () => Swoole\Process::signal(SIGUSR1, 'no such function'));
loop();
