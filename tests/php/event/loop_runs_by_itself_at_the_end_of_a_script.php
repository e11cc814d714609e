<?php
// A plain script needs no wait(): what it has set runs when its last line is over, and then the process ends with code 0.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script(<<<'PHP'
    swoole_timer_after(20, function () {
        echo "timer\n";
        swoole_event_defer(fn () => print "deferred\n");
    });
    echo "last line\n";
    PHP);
same([0, "last line\ntimer\ndeferred\n"], [$code, $output]);
