<?php
// Ports inherit HTTP and the handler; a port may have its own handler, or speak plainly.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(fn ($request, $response) => $response->end('first'), more: function ($server) {
    $own = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $own->on('request', fn ($request, $response) => $response->end("own {$request->server['server_port']}"));
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $plain = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $plain->set(['open_http_protocol' => false]);
    $plain->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, strrev($data)));
    ok(is_callable($own->onRequest), 'the property shows the handler');
});
same('first', fetch($srv, '/')->body);
$client = $srv->connect(1);
$port = (int) explode(':', stream_socket_get_name($client->stream, true))[1];
same("own $port", fetch($client, '/')->body);
same('first', fetch($srv->connect(2), '/')->body);
same('cba', $srv->connect(3)->ask('abc'));
$srv->stop();
