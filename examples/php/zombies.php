<?php

// A child that has ended stays in the system's list of processes, as a zombie, until its parent has asked how it ended.
// wait() asks. A parent that has other things to do lets the event loop tell it when to ask.
//   php zombies.php

$children = 5;
for ($i = 0; $i < $children; $i++) {
    $process = new Swoole\Process(function () {
        echo "This is child process\n";
    }, false, 0);
    $process->start();
}
echo "This is parent process\n";

// Until somebody asks there are zombies: this is what `ps` and `top` show as Z or <defunct>.
$zombies = fn () => count(array_filter(glob('/proc/[0-9]*/stat'), function ($file) {
    return preg_match('/^\d+ \(.*\) Z ' . getmypid() . ' /', (string) @file_get_contents($file));
}));
while ($zombies() < $children) {
    usleep(10_000);
}
echo "zombies before: {$zombies()}\n";

swoole_process::signal(SIGCHLD, 'collect');
collect(); // those that have ended before the handler was there

function collect(): void
{
    static $collected = 0;
    while ($ended = swoole_process::wait(false)) { // several may have ended since the last signal
        $collected++;
        echo "child {$ended['pid']} ended with code {$ended['code']}\n";
    }
    if ($collected === $GLOBALS['children']) {
        swoole_process::signal(SIGCHLD, null);
        echo "zombies after: {$GLOBALS['zombies']()}\n";
    }
}
