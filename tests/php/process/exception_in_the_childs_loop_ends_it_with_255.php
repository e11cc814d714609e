<?php
// What a callback of the child's loop throws ends the child as in any script; exit() in a callback gives its code.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    foreach ([fn () => throw new RuntimeException("thrown in the loop"), fn () => exit(11)] as $callback) {
        (new Swoole\Process(fn () => swoole_timer_after(1, $callback)))->start();
        echo "\n", Swoole\Process::wait()["code"], "\n";
    }
');
same(0, $code);
contains('Uncaught RuntimeException: thrown in the loop', $output);
contains("\n255\n", $output);
matches('/\n11\n$/', $output);
