<?php
// UDP: onPacket gets the datagram with its sender, and sendto() answers it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('packet', function ($server, $data, $from) {
        note('packet', $data, $from);
        $server->sendto($from['address'], $from['port'], strrev($data), $from['server_socket']);
    });
}, type: SWOOLE_SOCK_UDP);
$client = $srv->connect();
same('olleh', $client->askPacket('hello'));
[$data, $from] = $srv->await('packet');
same('hello', $data);
same('127.0.0.1', $from['address']);
same($client->port(), $from['port']);
same($srv->port, $from['server_port']);
ok(is_int($from['server_socket']), 'server_socket is a descriptor');
between(time() - 60, time() + 1, $from['dispatch_time'], 'dispatch_time');
$srv->stop();
