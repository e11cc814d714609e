<?php
// A port's properties: host, port, type, sock, setting, connections.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $port = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $port->set(['backlog' => 77]);
    note('port', $port->host, $port->type === SWOOLE_SOCK_TCP, $port->port > 0, $port->sock > 2, $port->setting['backlog']);
    $port->on('receive', fn ($server, $fd) => $server->send($fd, count($port->connections) . ' of ' . count($server->connections) . "\n"));
    echoes($server);
    note('callback', $port->getCallback('receive') instanceof Closure, $port->getCallback('close'));
});
same(['127.0.0.1', true, true, true, 77], $srv->await('port'));
same([true, null], $srv->await('callback'));
$first = $srv->connect(0);
same('x', $first->ask('x'));
same('1 of 2', $srv->connect(1)->askLine('?'));
$srv->stop();
