<?php
// The standard error of a redirected child stays where it was, and so does everything of the parent's.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    $process = new Swoole\Process(function () {
        fwrite(STDERR, "to the terminal\n");
        echo "to the pipe";
    }, true);
    $process->start();
    Swoole\Process::wait();
    echo "read: ", $process->read(), "\n";
');
same([0, "to the terminal\nread: to the pipe\n"], [$code, $output]);
