<?php

// Two ways to hear of signals in one script. Ctrl-C (SIGINT) is handled by the loop, SIGUSR1 by pcntl: its handler
// is called while the loop sleeps too. The third Ctrl-C ends the script.
//   php signal.php

echo 'process ', getmypid(), "\n";

swoole_process::signal(SIGINT, function (int $signal) {
    static $times = 0;
    $times++;
    echo "SIGINT, time $times\n";
    if ($times === 3) {
        swoole_process::signal(SIGINT, null); // nothing is left in the loop, so the script ends
    }
});

pcntl_signal(SIGUSR1, function (int $signal) {
    echo "SIGUSR1, by pcntl\n";
});
