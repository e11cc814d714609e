<?php
// As in every other callback: it can be caught around wait(), and the handler stays.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$times = 0;
Swoole\Process::signal(SIGUSR1, function () use (&$times) {
    ++$times === 2 && Swoole\Process::signal(SIGUSR1, null);
    throw new LogicException("time $times");
});
foreach ([1, 2] as $n) {
    posix_kill(getmypid(), SIGUSR1);
    same("time $n", throws(LogicException::class, fn () => loop())->getMessage());
}
loop();
