<?php
// sendto() with server_socket sends from that port; without it, from the first datagram port; wrong addresses give false.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
    $second = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
    echoes($server);
    $server->on('packet', function ($server, $data, $from) use ($second) {
        note('sent', $server->sendto($from['address'], $from['port'], 'one'), $server->sendto($from['address'], $from['port'], 'two', $second->sock));
        note('wrong', @$server->sendto('no address', 1, 'x'), @$server->sendto('127.0.0.1', 70000, 'x'), @$server->sendto('127.0.0.1', 1, ''));
    });
});
$srv->allow('/address|port|sendto/i');
$socket = socket_create(AF_INET, SOCK_DGRAM, 0);
socket_bind($socket, '127.0.0.1');
socket_set_option($socket, SOL_SOCKET, SO_RCVTIMEO, ['sec' => (int) PATIENCE, 'usec' => 0]);
socket_sendto($socket, 'x', 1, 0, '127.0.0.1', $srv->ports[2][1]);
$came = [];
foreach ([1, 2] as $i) {
    socket_recvfrom($socket, $data, 100, 0, $address, $port);
    $came[$data] = $port;
}
same(['one' => $srv->ports[1][1], 'two' => $srv->ports[2][1]], $came);
same([true, true], $srv->await('sent'));
same([false, false, false], $srv->await('wrong'));
$srv->stop();
