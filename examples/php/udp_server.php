<?php

// Answers datagrams.   php udp_server.php   then   nc -u 127.0.0.1 9502

$server = new swoole_server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9502), SWOOLE_PROCESS, SWOOLE_SOCK_UDP);
$server->set(['worker_num' => 1]);

$server->on('Packet', function (swoole_server $server, $data, $client) {
    $server->sendto($client['address'], $client['port'], "Swoole UDP Server: $data");
    printf("%d bytes from %s:%d\n", strlen($data), $client['address'], $client['port']);
});

echo "UDP server on $server->host:$server->port\n";
$server->start();
