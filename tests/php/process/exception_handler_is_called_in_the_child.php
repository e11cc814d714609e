<?php
// set_exception_handler() of the parent holds in the child as well: it gets what the function throws, and the exit code is 255.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    set_exception_handler(function ($thrown) { echo getmypid() === $GLOBALS["parent"] ? "parent" : "child", " handles: ", $thrown->getMessage(), "\n"; });
    $parent = getmypid();
    (new Swoole\Process(fn () => throw new RuntimeException("thrown on purpose")))->start();
    echo json_encode(array_slice(Swoole\Process::wait(), 1)), "\n";
');
same([0, "child handles: thrown on purpose\n" . '{"code":255,"signal":0}' . "\n"], [$code, $output]);
