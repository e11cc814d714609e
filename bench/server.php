<?php
// This project's server, driven from PHP: a fixed answer to each read, as bench/minimal.c gives it.
// Arguments: port, BASE or PROCESS, number of workers.
const ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";

$server = new Swoole\Server('127.0.0.1', (int) $argv[1], $argv[2] === 'BASE' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set(['worker_num' => (int) $argv[3], 'reactor_num' => 1, 'log_level' => SWOOLE_LOG_WARNING]);
$server->on('receive', function ($server, $fd, $reactorId, $data) {
    $server->send($fd, ANSWER);
});
exit($server->start() ? 0 : 1);
