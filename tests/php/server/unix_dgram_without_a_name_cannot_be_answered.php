<?php
// A Unix datagram from a socket without a name arrives with an empty address; answering it is false with an error number, and harms nobody.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('packet', function ($server, $data, $from) {
        note('unnamed', $from['address'], $from['port'], @$server->sendto($from['address'], 0, 'ok'), $server->getLastError());
    });
}, host: tmp('server'), type: SWOOLE_SOCK_UNIX_DGRAM);
$client = socket_create(AF_UNIX, SOCK_DGRAM, 0);
socket_sendto($client, 'x', 1, 0, tmp('server'));
[$address, $port, $sent, $error] = $srv->await('unnamed');
same(['', 0, false], [$address, $port, $sent]);
ok($error > 0, 'an error number');
socket_sendto($client, 'x', 1, 0, tmp('server'));
$srv->await('unnamed', 2);
$srv->stop();
