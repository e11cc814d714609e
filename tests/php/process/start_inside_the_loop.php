<?php
// A process may be started from a timer while the loop runs: the child leaves that loop behind and has one of its own.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$ended = null;
swoole_timer_after(1, function () use (&$ended) {
    $process = new Swoole\Process(function (Swoole\Process $process) {
        swoole_timer_after(1, fn () => $process->write('from the loop of the child'));
    });
    $process->start();
    swoole_event_add($process, function ($process) use (&$ended) {
        $ended = [$process->read(), Swoole\Process::wait()['code']];
        swoole_event_del($process);
    });
});
swoole_timer_after(2, fn () => getmypid() === $GLOBALS['parent'] || exit(9));
$parent = getmypid();
loop();
same(['from the loop of the child', 0], $ended);
