<?php
// With redirect_stdin_and_stdout what the child prints comes out of read(), and what is written is its standard input; of a child that crashes what it had printed too.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    $process = new Swoole\Process(function () {
        echo "ready\n";
        while (($line = fgets(STDIN)) !== false) {
            echo strtoupper($line);
            fwrite(STDOUT, "ok\n");
        }
        echo "end";
    }, true);
    $process->start();
    $read = function (string $until) use ($process) {
        for ($all = ""; !str_ends_with($all, $until); $all .= $process->read(3)) {
        }
        return $all;
    };
    echo "1: ", $read("ready\n");
    $process->write("hello\nworld\n");
    echo "2: ", $read("WORLD\nok\n");
    $process->close(Swoole\Process::PIPE_WRITE);
    echo "3: ", $read("end"), "\n";
    echo json_encode(array_slice(Swoole\Process::wait(), 1)), "\n";
    $process = new Swoole\Process(function () {
        print "before the crash\n";
        posix_kill(posix_getpid(), SIGKILL);
    }, true);
    $process->start();
    Swoole\Process::wait();
    echo "4: ", $process->read();
');
same([0, "1: ready\n2: HELLO\nok\nWORLD\nok\n3: end\n{\"code\":0,\"signal\":0}\n4: before the crash\n"], [$code, $output]);
