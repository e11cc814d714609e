<?php

// Answers once and closes.   php tcp_server.php   then   echo hello | nc 127.0.0.1 9501

$server = new swoole_server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));
$server->set([
    'worker_num' => 8,  // worker processes
    'daemonize' => 0,   // stay in the foreground
]);

$server->on('connect', function ($server, $fd) {
    echo "client $fd connected\n";
});
$server->on('receive', function ($server, $fd, $fromId, $data) {
    $server->send($fd, 'Swoole TCP Server: ' . $data);
    $server->close($fd); // what was sent still arrives
});
$server->on('close', function ($server, $fd) {
    echo "client $fd closed\n";
});

echo "TCP server on $server->host:$server->port\n";
$server->start();
