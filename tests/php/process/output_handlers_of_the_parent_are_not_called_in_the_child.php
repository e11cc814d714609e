<?php
// The handlers of the parent's output buffers see what was printed once, in the parent.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    $parent = getmypid();
    ob_start(function ($text) use ($parent) {
        if (getmypid() !== $parent) {
            fwrite(STDERR, "called in the child\n");
        }
        return $text;
    });
    echo "of the parent\n";
    (new Swoole\Process(fn () => print "of the child\n"))->start();
    Swoole\Process::wait();
');
same([0, "of the child\nof the parent\n"], [$code, $output]);
