<?php
// exit() in a callback ends loop and script with its code; destructors and shutdown functions still run.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['swoole_event_wait(); echo "not reached\n";', ''] as $end) {
    [$code, $output] = script(<<<'PHP'
        register_shutdown_function(fn () => print "shutdown\n");
        $object = new class { function __destruct() { echo "destructed\n"; } };
        swoole_timer_tick(1, fn () => exit(7));
        swoole_timer_after(1000, fn () => print "too late\n");
        PHP . "\n$end");
    same(7, $code, "exit code with '$end' at the end");
    same("shutdown\ndestructed\n", $output);
}
