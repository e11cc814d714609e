<?php
// Raw echo server for bench/idle.py. Arguments: port, BASE or PROCESS, number of workers.
$server = new Swoole\Server('127.0.0.1', (int) $argv[1], $argv[2] === 'BASE' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set(['worker_num' => (int) $argv[3], 'reactor_num' => 1, 'backlog' => 4096, 'log_level' => SWOOLE_LOG_WARNING]);
$server->on('receive', function ($server, $fd, $reactorId, $data) {
    $server->send($fd, $data);
});
exit($server->start() ? 0 : 1);
