<?php
// A handler of pcntl_signal() is called while the process sleeps in its loop, whichever way the script dispatches signals.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['', 'pcntl_async_signals(true);'] as $how) {
    file_put_contents(tmp('sleeps.php'), '<?php ' . $how . '
        pcntl_signal(SIGUSR1, function ($signo) {
            echo "got $signo\n";
            swoole_timer_clear($GLOBALS["timer"]);
        });
        $timer = swoole_timer_after(3600_000, fn () => null);
        echo "ready\n";
        swoole_event_wait();
        echo "over\n";');
    $process = proc_open(phpCommand(tmp('sleeps.php')), [STDIN, ['pipe', 'w'], STDERR], $pipes);
    same("ready\n", fgets($pipes[1]));
    $pid = proc_get_status($process)['pid'];
    awaitAsleep($pid);
    posix_kill($pid, SIGUSR1);
    stream_set_timeout($pipes[1], 10);
    same("got 10\n", fgets($pipes[1]), "with '$how'");
    same("over\n", fgets($pipes[1]));
    fclose($pipes[1]);
    same(0, proc_close($process));
}
