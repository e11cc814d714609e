<?php
// sendto() takes a path that holds a colon for a path, not for an IPv6 address.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('packet', fn ($server, $data, $from) => note('sent', $server->sendto($from['address'], 0, 'ok')));
}, host: tmp('server'), type: SWOOLE_SOCK_UNIX_DGRAM);
$client = socket_create(AF_UNIX, SOCK_DGRAM, 0);
socket_bind($client, tmp('client:1'));
socket_set_option($client, SOL_SOCKET, SO_RCVTIMEO, ['sec' => (int) PATIENCE, 'usec' => 0]);
socket_sendto($client, 'x', 1, 0, tmp('server'));
same([true], $srv->await('sent'));
same(2, socket_recv($client, $answer, 100, 0));
$srv->stop();
