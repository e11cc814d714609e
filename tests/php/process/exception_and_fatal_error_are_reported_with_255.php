<?php
// What a function throws, and a fatal error in it, is reported as in any script, and the exit code is 255. The parent goes on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    $endings = [
        fn () => throw new RuntimeException("thrown on purpose"),
        fn () => undefined_function(),
        fn () => str_repeat("x", 1 << 40),
    ];
    foreach ($endings as $callback) {
        (new Swoole\Process($callback))->start();
        $end = Swoole\Process::wait();
        echo "\nended with $end[code] by signal $end[signal]\n";
    }
    echo "the parent goes on\n";
');
same(0, $code);
same(3, substr_count($output, "ended with 255 by signal 0\n"));
foreach (['Uncaught RuntimeException: thrown on purpose', 'undefined function undefined_function()', 'Allowed memory size'] as $message) {
    same(1, substr_count($output, $message), $message);
}
same(1, substr_count($output, "the parent goes on\n"));
