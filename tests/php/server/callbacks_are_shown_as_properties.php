<?php
// Each event has a property onName that holds what on() took, and null before.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$server = new Swoole\Server('127.0.0.1', 0);
foreach (['Start', 'BeforeShutdown', 'Shutdown', 'ManagerStart', 'ManagerStop', 'WorkerStart', 'WorkerStop', 'WorkerExit', 'WorkerError',
    'BeforeReload', 'AfterReload', 'Connect', 'Receive', 'Packet', 'Close', 'BufferFull', 'BufferEmpty'] as $name) {
    $property = "on$name";
    same(null, $server->$property, $property);
    $callback = fn () => $name;
    same(true, $server->on(strtoupper($name), $callback));
    same($callback, $server->$property, $property);
    same($callback, $server->getCallback($name), $name);
}
same(false, $server->ssl);
