<?php

// A clock with an alarm.   php timers.php   then   nc 127.0.0.1 9501   and type: every 500, in 2000 wake up, stop

$server = new Swoole\Server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));
$server->set(['worker_num' => 2, 'open_eof_split' => true, 'package_eof' => "\n"]);

$ticks = []; // of this worker's clients: a timer runs in the process that set it

$server->on('receive', function ($server, $fd, $reactorId, $line) use (&$ticks) {
    [$command, $ms, $words] = explode(' ', trim($line), 3) + ['', '', ''];
    switch ($command) {
        case 'every': // again and again, until it is cleared
            isset($ticks[$fd]) && $server->clearTimer($ticks[$fd]);
            $ticks[$fd] = $server->tick((int) $ms, fn ($timer) => $server->send($fd, date('H:i:s') . "\n"));
            return;
        case 'in': // once; further arguments are handed to the callback
            $server->after((int) $ms, fn ($fd, $words) => $server->send($fd, "$words\n"), $fd, $words);
            return;
        case 'stop':
            isset($ticks[$fd]) && $server->clearTimer($ticks[$fd]);
            unset($ticks[$fd]);
            $server->defer(fn () => $server->send($fd, "stopped\n")); // when this callback is over
    }
});
$server->on('close', function ($server, $fd) use (&$ticks) {
    isset($ticks[$fd]) && $server->clearTimer($ticks[$fd]);
    unset($ticks[$fd]);
});
// A worker that is to leave waits until nothing is left to do: let go of what would keep it.
$server->on('workerExit', function ($server) use (&$ticks) {
    array_map($server->clearTimer(...), $ticks);
    $ticks = [];
});

$server->start();
