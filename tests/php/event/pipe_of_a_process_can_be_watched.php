<?php
// The pipe of a user process, by its number or as the Swoole\Process itself: workers hear what it writes without waiting.
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['number', 'object'] as $how) {
    $srv = serve(function (Swoole\Server $server) use ($how) {
        $process = new Swoole\Process(function (Swoole\Process $process) {
            while (true) {
                $process->write(strrev($process->read()));
            }
        });
        $server->addProcess($process);
        $server->set(['worker_num' => 1]);
        $server->on('workerStart', function () use ($process, $how) {
            $what = $how === 'object' ? $process : $process->pipe;
            swoole_event_add($what, fn ($given) => note('heard', $given === $what, $process->read()));
        });
        $server->on('workerExit', fn () => swoole_event_del($process->pipe));
        $server->on('receive', fn ($server, $fd, $reactor, $data) => $process->write($data));
    });
    $srv->connect()->write('hello');
    same([true, 'olleh'], $srv->await('heard'));
    $srv->stop();
}
