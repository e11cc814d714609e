<?php
// A script may wait in its middle; what it sets afterwards runs at its end.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

same([0, "one\nbetween\nlast line\ntwo\n"], script(<<<'PHP'
    swoole_timer_after(1, fn () => print "one\n");
    swoole_event_wait();
    echo "between\n";
    swoole_timer_after(1, fn () => print "two\n");
    echo "last line\n";
    PHP));
