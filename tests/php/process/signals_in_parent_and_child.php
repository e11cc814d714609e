<?php
// Process::signal() sets a handler in the loop of each process for itself; a child starts without its parent's. kill() sends.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$heard = [];
same(true, Swoole\Process::signal(SIGUSR1, function (int $number) use (&$heard) { $heard[] = $number; }));
$process = new Swoole\Process(function (Swoole\Process $process) {
    $parent = posix_getppid();
    Swoole\Process::signal(SIGUSR2, function (int $number) use ($process, $parent) {
        Swoole\Process::signal(SIGUSR2, null);
        swoole_timer_clear($GLOBALS['patience']);
        Swoole\Process::kill($parent, SIGUSR1);
        swoole_event_defer(fn () => exit($number));
    });
    $GLOBALS['patience'] = swoole_timer_after(PATIENCE * 1000, fn () => exit(1));
    $process->write('ready');
});
$pid = $process->start();
same('ready', $process->read());
same(true, Swoole\Process::kill($pid, 0), 'it is there');
same(true, Swoole\Process::kill($pid, SIGUSR2));
same(['pid' => $pid, 'code' => SIGUSR2, 'signal' => 0], Swoole\Process::wait());
$poll = swoole_timer_tick(5, function () use (&$heard, &$poll) {
    if ($heard) {
        swoole_timer_clear($poll);
        Swoole\Process::signal(SIGUSR1, null);
    }
});
loop();
same([SIGUSR1], $heard);

$child = new Swoole\Process(fn ($process) => $process->read());
Swoole\Process::signal(SIGTERM, fn () => null);
$pid = $child->start();
same(true, Swoole\Process::kill($pid), 'SIGTERM is the default');
same(['pid' => $pid, 'code' => 0, 'signal' => SIGTERM], Swoole\Process::wait(), "the parent's handler is not the child's");
Swoole\Process::signal(SIGTERM, null);
