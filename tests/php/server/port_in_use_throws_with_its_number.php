<?php
// A port that is taken: swoole_exception with the errno and a message that names the address; listen() is false with a warning.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$taken = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) explode(':', stream_socket_get_name($taken, false))[1];
$e = throws(Swoole\Exception::class, fn () => new Swoole\Server('127.0.0.1', $port, MODE));
same(SOCKET_EADDRINUSE, $e->getCode());
contains("$port", $e->getMessage());
$server = new Swoole\Server('127.0.0.1', 0, MODE);
[$result, $messages] = warnings(fn () => $server->listen('127.0.0.1', $port, SWOOLE_SOCK_TCP));
same([false, 1], [$result, count($messages)]);
contains("$port", $messages[0]);
same(SOCKET_EADDRINUSE, $server->getLastError());
