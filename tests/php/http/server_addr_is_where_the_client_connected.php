<?php
// On a port of all interfaces each request tells the address that its own client connected to; over a Unix socket it is empty, as remote_addr is.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Http\Server $server) {
    $server->set(['worker_num' => 1]);
    $server->listen('::', 0, SWOOLE_SOCK_TCP6);
    $server->listen(tmp('socket'), 0, SWOOLE_SOCK_UNIX_STREAM);
    $server->on('request', fn ($request, $response) => $response->end($request->server['server_addr'] ?: 'empty'));
}, host: '0.0.0.0', class: Swoole\Http\Server::class);
$ask = fn (string $address) => fetch(new Client($address), '/')->body;
$first = new Client("tcp://127.0.0.1:$srv->port");
same('127.0.0.2', $ask("tcp://127.0.0.2:$srv->port"));
same('127.0.0.1', fetch($first, '/')->body);
same('::1', $ask("tcp://[::1]:{$srv->ports[1][1]}"));
same('empty', $ask('unix://' . tmp('socket')));
$srv->stop();
