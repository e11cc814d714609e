<?php
// read() cuts no datagram off, and none is stuck in the pipe: one that is longer than asked for comes whole.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $process = new Swoole\Process(function (Swoole\Process $process) {
        note('read', $process->read(11), strlen($process->read()), $process->read(4));
        $process->read();
    });
    $server->addProcess($process);
    echoes($server);
    $process->write('twelve bytes');
    $process->write(str_repeat('x', 20_000));
    $process->write('next');
});
same(['twelve bytes', 20_000, 'next'], $srv->await('read'));
$srv->stop();
