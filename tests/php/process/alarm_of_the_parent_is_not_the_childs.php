<?php
// An alarm and timers of the parent do not go off in the child.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$ticks = 0;
Swoole\Process::signal(SIGALRM, function () use (&$ticks) { $ticks++; });
$timer = swoole_timer_tick(1, fn () => getmypid() === $GLOBALS['parent'] || exit(1));
$parent = getmypid();
Swoole\Process::alarm(1_000_000);
$process = new Swoole\Process(function () {
    exit(swoole_timer_exists($GLOBALS['timer']) ? 2 : 0);
});
$process->start();
same(['code' => 0, 'signal' => 0], array_slice(Swoole\Process::wait(), 1));
Swoole\Process::alarm(-1);
Swoole\Process::signal(SIGALRM, null);
swoole_timer_clear($timer);
