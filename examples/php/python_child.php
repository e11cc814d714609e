<?php

// A Python program as a child: it reads what is written to the pipe and prints into it.
//   php python_child.php

$process = new swoole_process('python_process', true);
$pid = $process->start();

$process->write("hello world\n");
echo $process->read();

$ret = swoole_process::wait();
echo $ret['pid'] === $pid ? "the child has ended with code {$ret['code']}\n" : "another child?\n";

function python_process(swoole_process $worker): void
{
    // From here on this process is Python; what follows would run only if it could not be started.
    $worker->exec('/usr/bin/python3', [__DIR__ . '/echo.py']);
    $worker->exit(1);
}
