<?php
// UDP6: the sender's address has no brackets, and sendto() takes it as it is.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('packet', function ($server, $data, $from) {
        note('from', $from['address'], $from['server_port']);
        $server->sendto($from['address'], $from['port'], "$data!", $from['server_socket']);
    });
}, host: '::1', type: SWOOLE_SOCK_UDP6);
same('x!', $srv->connect()->askPacket('x'));
same(['::1', $srv->port], $srv->await('from'));
$srv->stop();
