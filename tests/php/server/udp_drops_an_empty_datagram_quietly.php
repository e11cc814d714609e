<?php
// An empty datagram harms nothing.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('packet', fn ($server, $data, $from) => $server->sendto($from['address'], $from['port'], "<$data>"));
}, type: SWOOLE_SOCK_UDP);
$client = $srv->connect();
stream_socket_sendto($client->stream, '');
stream_socket_sendto($client->stream, 'x');
$answer = $client->packet();
same('<x>', $answer === '<>' ? $client->packet() : $answer);
$srv->stop();
