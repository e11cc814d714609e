<?php
// Workers write to a user process and it answers through the pipe; each datagram arrives whole, whichever worker wrote it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $process = new Swoole\Process(function (Swoole\Process $process) {
        while (true) {
            $process->write(strrev($process->read(100000)));
        }
    });
    same(0, $server->addProcess($process));
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($process) {
        same(strlen($data), $process->write($data));
        $server->send($fd, $process->read(100000));
    });
});
foreach (['hello', '0', str_repeat('ab', 20000) . 'c'] as $data) {
    $client = $srv->connect();
    same(strrev($data), $client->write($data)->read(strlen($data)));
}
$srv->stop();
