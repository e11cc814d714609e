<?php
// Event-driven clients of each kind of socket ask a server and get its answer.
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
$got = [];
foreach ($srv->ports as $which => [$host, $port, $type]) {
    $client = new Swoole\Client($type, SWOOLE_SOCK_ASYNC);
    $type === SWOOLE_SOCK_UNIX_DGRAM && $client->set(['bind_address' => tmp('own')]);
    $client->on('connect', fn ($client) => $client->send("hello $type"));
    $client->on('receive', function ($client, $data) use ($type, &$got) {
        $got[$type] = strrev($data);
        $client->close();
    });
    $client->on('error', fn ($client) => throw new Failed("type $type: error $client->errCode"));
    $client->on('close', fn () => null);
    same(true, $client->connect($host, $port, PATIENCE));
}
unset($client); // the loop holds them
loop();
ksort($got);
same([1 => 'hello 1', 'hello 2', 'hello 3', 'hello 4', 'hello 5', 'hello 6'], $got);
$srv->stop();
