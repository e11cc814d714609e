<?php
// exit() at the top level ends the script's own lines; what it has set still runs, and the exit code stays.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script(<<<'PHP'
    swoole_timer_after(1, fn () => print "timer\n");
    echo "exit\n";
    exit(3);
    PHP);
same([3, "exit\ntimer\n"], [$code, $output]);
