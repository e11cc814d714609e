<?php
// UDP over IPv6.
require __DIR__ . '/../../support/php/bootstrap.php';

if (@stream_socket_server('tcp://[::1]:0') === false) {
    exit(0); // this machine has no IPv6
}
$srv = serve(function (Swoole\Server $server) {
    $server->on('packet', function ($server, $data, $from) {
        note('address', $from['address']);
        $server->sendto($from['address'], $from['port'], strrev($data));
    });
}, host: '::1', type: SWOOLE_SOCK_UDP6);
same('olleh', $srv->connect()->askPacket('hello'));
same(['::1'], $srv->await('address'));
$srv->stop();
