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
    note('ports', [$server->port, $second->port], [$name($server->getSocket()), $name($server->getSocket($second->port)), $name($second->getSocket())], @$server->getSocket(1));
});
[[$first, $second], $seen, $unknown] = $srv->await('ports');
same([$first, $second, $second], $seen);
same(false, $unknown);
$srv->stop();
