<?php
// getSocket(): the Socket of the first port, of a port by number, and of a port object.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $second = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    echoes($server);
    $name = function ($socket) {
        socket_getsockname($socket, $address, $port);
        return $port;
    };
    $sockets = [$server->getSocket(), $server->getSocket($second->port), $second->getSocket()];
    note('ports', [$server->port, $second->port], array_map($name, $sockets), @$server->getSocket(1));
});
[[$first, $second], $seen, $unknown] = $srv->await('ports');
same([$first, $second, $second], $seen);
same(false, $unknown);
$srv->stop();
