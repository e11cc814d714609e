<?php
// In onConnect the server may send first, or close at once.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $second = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $second->on('connect', fn ($server, $fd) => $server->close($fd));
    $second->on('close', fn ($server, $fd, $reactor) => note('close', $reactor < 0));
    $server->on('connect', fn ($server, $fd) => $server->send($fd, "welcome $fd\n"));
    echoes($server);
});
matches('/^welcome \d+\n$/', $srv->connect(0)->readTo());
$srv->connect(1)->closed();
same([true], $srv->await('close'));
$srv->stop();
