<?php

// Eight processes, each with a pipe to its parent. What a worker prints goes into its pipe, because its standard output is redirected.
//   php eight_workers.php

$worker_num = 8;
$workers = [];

for ($i = 0; $i < $worker_num; $i++) {
    $process = new swoole_process('callback_function', true); // true: standard input and output are the pipe
    $pid = $process->start();
    $workers[$pid] = $process;
}

foreach ($workers as $pid => $process) {
    $process->write("hello worker[$pid]\n");
    echo 'From Worker: ' . $process->read();
}

for ($i = 0; $i < $worker_num; $i++) {
    $ret = swoole_process::wait();
    unset($workers[$ret['pid']]);
    echo "Worker Exit, PID={$ret['pid']}, code {$ret['code']}\n";
}

function callback_function(swoole_process $worker): void
{
    $recv = rtrim($worker->read());
    echo "From Master: $recv\n"; // into the pipe
    $worker->exit(0);
}
