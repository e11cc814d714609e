<?php
// heartbeat_check_interval and heartbeat_idle_time: a silent client is closed, one that speaks is not, nor one that is protected.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['heartbeat_check_interval' => 1, 'heartbeat_idle_time' => 2]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'protect') {
            note('protected', $server->protect($fd), @$server->protect(99999999));
        }
        $server->send($fd, 'ok');
    });
    $server->on('close', fn ($server, $fd, $reactor) => note('close', $reactor < 0));
});
$srv->allow('/session/i');
[$silent, $speaking, $protected] = $srv->connectMany(3);
same('ok', $protected->ask('protect', 2));
same([true, false], $srv->await('protected'));
$begin = microtime(true);
eventually(function () use ($srv, $speaking) {
    same('ok', $speaking->ask('x', 2));
    return $srv->notes('close');
}, 'the silent one is closed');
between(1.5, 6, microtime(true) - $begin, 'seconds of silence');
$silent->closed();
same([true], $srv->await('close'));
same('ok', $speaking->ask('x', 2));
same('ok', $protected->ask('x', 2));
$srv->stop();
