<?php

// Sends back what it gets.   php echo_server.php   then   nc 127.0.0.1 9501

$server = new Swoole\Server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));
$server->on('receive', function ($server, $fd, $reactorId, $data) {
    $server->send($fd, $data);
});
echo "echo server on $server->host:$server->port\n";
$server->start();
