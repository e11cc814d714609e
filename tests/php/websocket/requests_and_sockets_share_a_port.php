<?php
// onRequest serves plain HTTP beside the WebSockets; onDisconnect tells of connections that never became one.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveWebSocket(fn ($server, $frame) => $server->push($frame->fd, 'ws'), more: function ($server) {
    $server->on('request', fn ($request, $response) => $response->end("http {$request->fd}"));
    $server->on('disconnect', fn ($server, $fd) => note('disconnect', $fd));
    $server->on('close', fn ($server, $fd) => note('close', $fd));
});
$client = $srv->connect();
$fd = (int) substr(fetch($client, '/')->body, 5);
$peer = WebSocketPeer::open($srv);
same('ws', $peer->ask('x'));
same([false, null], [$srv->running() === false, $srv->last('disconnect')]);
$client->close();
same([$fd], $srv->await('disconnect'));
same([], $srv->notes('close'));
$peer->close();
ok($srv->await('close')[0] !== $fd, 'the WebSocket is another connection');
$srv->stop();
