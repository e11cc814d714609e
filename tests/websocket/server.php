<?php
// The server of run.py: it sends every message back. usage: server.php PORT base|process
[, $port, $mode] = $argv;
$server = new Swoole\WebSocket\Server('127.0.0.1', (int) $port, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set([
    'worker_num' => 1,
    'websocket_compression' => true,
    // The longest message of a case has 16 MiB.
    'package_max_length' => 32 << 20,
    'socket_buffer_size' => 64 << 20,
    'log_level' => SWOOLE_LOG_ERROR,
]);
$server->on('Message', function (Swoole\WebSocket\Server $server, Swoole\WebSocket\Frame $frame): void {
    $server->push($frame->fd, $frame->data, $frame->opcode, SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_COMPRESS);
});
$server->start();
