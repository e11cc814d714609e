<?php
// alarm() sends a signal every so many microseconds, by the wall's clock or by computing time, until it is ended.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([[SIGALRM, 0], [SIGVTALRM, 1], [SIGPROF, 2]] as [$signal, $type]) {
    $count = 0;
    $busy = null;
    Swoole\Process::signal($signal, function () use (&$count, &$busy, $signal, $type) {
        if (++$count === 3) {
            Swoole\Process::alarm(-1, $type);
            Swoole\Process::signal($signal, null);
            swoole_timer_clear($busy);
        }
    });
    $busy = swoole_timer_tick(1, function () {
        for ($end = hrtime(true) + 2e6; hrtime(true) < $end;) { // computing time passes
        }
    });
    same(true, Swoole\Process::alarm(5_000, $type));
    swoole_event_wait();
    same(3, $count, "signal $signal");
}
[$answer, [$warning]] = warnings(fn () => Swoole\Process::alarm(1000, 3));
same(false, $answer);
contains('3', $warning);
