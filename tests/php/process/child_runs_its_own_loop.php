<?php
// Timers and deferred calls that the function sets run in the child before it ends; nothing of the parent's loop does.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$hears = fopen(tmp('lines'), 'ab');
swoole_timer_after(1, fn () => fwrite($hears, getmypid() === $GLOBALS['parent'] ? "timer of the parent\n" : "WRONG\n"));
swoole_event_defer(fn () => fwrite($hears, getmypid() === $GLOBALS['parent'] ? "deferred of the parent\n" : "WRONG\n"));
$parent = getmypid();
$process = new Swoole\Process(function () use ($hears) {
    swoole_event_defer(fn () => fwrite($hears, "deferred of the child\n"));
    $count = 0;
    swoole_timer_tick(1, function ($timer) use (&$count, $hears) {
        fwrite($hears, 'tick ' . ++$count . "\n");
        if ($count === 3) {
            swoole_timer_clear($timer);
            swoole_timer_after(1, fn () => exit(5));
        }
    });
});
$process->start();
same(5, Swoole\Process::wait()['code']);
same("deferred of the child\ntick 1\ntick 2\ntick 3\n", file_get_contents(tmp('lines')));
loop();
$own = array_slice(file(tmp('lines')), 4);
sort($own);
same(["deferred of the parent\n", "timer of the parent\n"], $own);
