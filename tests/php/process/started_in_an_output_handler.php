<?php
// A process may be started by the handler of an output buffer, and runs as any other.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    ob_start(function ($text) {
        (new Swoole\Process(function ($process) {
            ob_start(fn ($text) => strtoupper($text));
            echo "of the child\n";
            ob_end_flush();
            $process->exit(9);
        }))->start();
        return $text . Swoole\Process::wait()["code"];
    });
    echo "of the parent\n";
');
same([0, "OF THE CHILD\nof the parent\n9"], [$code, $output]);
