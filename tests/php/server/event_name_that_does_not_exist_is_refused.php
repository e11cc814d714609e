<?php
// on() with a name that is no event: false and a warning with the name and the nearest one. A callback that cannot be called: an error.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$server = new Swoole\Server('127.0.0.1', 0, MODE);
[$result, $messages] = warnings(fn () => $server->on('recieve', fn () => 1));
same([false, 1], [$result, count($messages)]);
matches('/recieve.*receive/i', $messages[0]);
throws(TypeError::class, fn () => $server->on('receive', 'no_such_function'));
throws(TypeError::class, fn () => $server->on('receive', 5));
$port = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
[$result, $messages] = warnings(fn () => $port->on('workerStart', fn () => 1));
same([false, 1], [$result, count($messages)]);
