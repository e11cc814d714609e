<?php
// A blocking client of each kind of socket asks a server of that kind and gets its answer.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->listen('::1', 0, SWOOLE_SOCK_TCP6);
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
    $server->listen('::1', 0, SWOOLE_SOCK_UDP6);
    $server->listen(tmp('stream'), 0, SWOOLE_SOCK_UNIX_STREAM);
    $server->listen(tmp('datagram'), 0, SWOOLE_SOCK_UNIX_DGRAM);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, strrev($data)));
    $server->on('packet', function ($server, $data, $from) {
        $path = $from['address'];
        $path[0] === '/' ? $server->send($path, strrev($data)) : $server->sendto($path, $from['port'], strrev($data), $from['server_socket']);
    });
});
foreach ($srv->ports as $which => [$host, $port, $type]) {
    $client = new Swoole\Client($type);
    $type === SWOOLE_SOCK_UNIX_DGRAM && $client->set(['bind_address' => tmp('own')]);
    same(true, $client->connect($host, $port, PATIENCE), "connect of type $type");
    same(true, $client->isConnected());
    foreach (['hello', str_repeat('ab', 500) . 'c'] as $data) {
        same(strlen($data), $client->send($data), "send of type $type");
        same(strrev($data), $client->recv(), "answer of type $type");
    }
    same(true, $client->close());
    same(false, $client->isConnected());
}
$srv->stop();
