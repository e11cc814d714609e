<?php

// A WebSocket server over TLS, whose processes have names of their own.   php wss_server.php cert.pem key.pem   then wss://localhost:9501
//   openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem

$server = new swoole_websocket_server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501), SWOOLE_PROCESS, SWOOLE_SOCK_TCP | SWOOLE_SSL);
$server->set([
    'reactor_num' => 2,
    'worker_num' => 2,
    'task_worker_num' => 1,
    'max_request' => 50, // messages: then a worker makes room for a fresh one, and no client notices
    'ssl_cert_file' => $argv[1] ?? getenv('SWOOLE_CERT'),
    'ssl_key_file' => $argv[2] ?? getenv('SWOOLE_KEY'),
]);

$server->on('start', fn () => swoole_set_process_name('wss_server: master'));
$server->on('managerStart', fn () => swoole_set_process_name('wss_server: manager'));
$server->on('workerStart', function (swoole_websocket_server $server, int $id) {
    swoole_set_process_name('wss_server: ' . ($server->taskworker ? 'task worker' : 'event worker') . " $id");
});
$server->on('open', function (swoole_websocket_server $server, swoole_http_request $request) {
    echo date('Ymd H:i:s'), " client $request->fd opens\n";
});
$server->on('message', function (swoole_websocket_server $server, swoole_websocket_frame $frame) {
    echo date('Ymd H:i:s'), " client $frame->fd says: $frame->data\n";
    $server->push($frame->fd, json_encode(['hello', 'world']));
});
$server->on('close', function (swoole_websocket_server $server, int $fd) {
    echo date('Ymd H:i:s'), " client $fd is gone\n";
});
$server->on('task', fn () => null);

echo "WebSocket server on wss://$server->host:$server->port\n";
$server->start();
