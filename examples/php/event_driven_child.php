<?php

// Children that wait for nobody: each watches its pipe in its own event loop, and does other things meanwhile.
//   php event_driven_child.php

$workers = [];
for ($i = 0; $i < 3; $i++) {
    $process = new swoole_process('callback_function_async');
    $workers[$process->start()] = $process;
}

// The parent works with events too: it hears the children as they speak, and when they end.
swoole_process::signal(SIGCHLD, function () use (&$workers) {
    while ($ret = swoole_process::wait(false)) {
        echo "Worker Exit, PID={$ret['pid']}, code {$ret['code']}\n";
        unset($workers[$ret['pid']]);
    }
    $workers || swoole_process::signal(SIGCHLD, null); // nothing is left to wait for: the loop ends, and the script
});

foreach ($workers as $pid => $process) {
    swoole_event_add($process->pipe, function () use ($process, $pid) {
        echo "From Worker $pid: " . $process->read() . "\n";
        swoole_event_del($process->pipe);
    });
    $process->write("hello worker[$pid]");
}

function callback_function_async(swoole_process $worker): void
{
    $ticks = 0;
    swoole_timer_tick(10, function () use (&$ticks) {
        $ticks++;
    });
    swoole_event_add($worker->pipe, function () use ($worker, &$ticks) {
        $recv = $worker->read();
        // A little later, to show that the loop runs on.
        swoole_timer_after(50, function () use ($worker, $recv, &$ticks) {
            $worker->write("got \"$recv\", " . ($ticks > 0 ? 'and ticked meanwhile' : 'and never ticked'));
            $worker->exit(0);
        });
    });
}
