<?php
// What the parent has in its output buffers is the parent's: the child writes none of it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    ob_start();
    echo "of the parent\n";
    ob_start(fn ($text) => strtoupper($text));
    echo "inner\n";
    (new Swoole\Process(function () {
        echo "of the child\n";
        echo ob_get_level(), " buffers\n";
    }))->start();
    Swoole\Process::wait();
');
same([0, "of the child\n0 buffers\nof the parent\nINNER\n"], [$code, $output]);
