<?php
// Processes from PHP. Prints one number.
//   processes.php fork ROUNDS N          seconds for N processes by pcntl_fork + pcntl_waitpid, and by Swoole\Process start + wait, for each round (JSON)
//   processes.php pipe ROUND_TRIPS BYTES seconds for so many messages to a process and back, one at a time
if ($argv[1] === 'fork') {
    [, , $rounds, $count] = array_map('intval', $argv);
    $pcntl = function () use ($count) {
        for ($i = 0; $i < $count; $i++) {
            $pid = pcntl_fork();
            if ($pid === 0) {
                exit(0);
            }
            pcntl_waitpid($pid, $status);
            $status === 0 or exit("a child of pcntl ended with $status\n");
        }
    };
    $ours = function () use ($count) {
        for ($i = 0; $i < $count; $i++) {
            $process = new Swoole\Process(function () {
            });
            $process->start();
            $end = Swoole\Process::wait();
            $end['code'] === 0 && $end['signal'] === 0 or exit("a process ended with " . json_encode($end) . "\n");
        }
    };
    $time = function (callable $loop) {
        $begun = hrtime(true);
        $loop();
        return (hrtime(true) - $begun) / 1e9;
    };
    $pcntl();
    $ours();
    $measured = [];
    for ($round = 0; $round < $rounds; $round++) {
        // Each is first in every other round.
        $found = $round % 2 ? ['ours' => $time($ours)] : ['pcntl' => $time($pcntl)];
        $measured[] = $found + ($round % 2 ? ['pcntl' => $time($pcntl)] : ['ours' => $time($ours)]);
    }
    echo json_encode($measured), "\n";
    exit;
}
[, , $trips, $bytes] = array_map('intval', $argv);
$process = new Swoole\Process(function (Swoole\Process $self) use ($trips) {
    for ($i = 0; $i < $trips; $i++) {
        $self->write($self->read());
    }
});
$message = str_repeat('x', $bytes);
$begun = hrtime(true);
$process->start();
for ($i = 0; $i < $trips; $i++) {
    $process->write($message);
    $process->read() === $message or exit("message $i did not come back\n");
}
Swoole\Process::wait();
echo json_encode((hrtime(true) - $begun) / 1e9), "\n";
