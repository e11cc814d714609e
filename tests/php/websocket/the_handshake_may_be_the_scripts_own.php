<?php
// onHandshake answers in the place of the engine, and onOpen is not called; a refusal is an ordinary answer.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveWebSocket(fn ($server, $frame) => $server->push($frame->fd, strrev($frame->data)), more: function ($server) {
    $server->on('open', fn () => note('open'));
    $server->on('handshake', function ($request, $response) {
        if ($request->server['request_uri'] === '/no') {
            $response->status(403);
            $response->end('not you');
            return;
        }
        $key = base64_encode(sha1($request->header['sec-websocket-key'] . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11', true));
        $response->status(101);
        foreach (['Upgrade' => 'websocket', 'Connection' => 'Upgrade', 'Sec-WebSocket-Accept' => $key, 'X-Own' => '1'] as $name => $value) {
            $response->header($name, $value);
        }
        $response->end();
    });
});
$refused = new WebSocketPeer($srv, '/no');
same([403, 'not you'], [$refused->answer->status, $refused->answer->body]);
$peer = WebSocketPeer::open($srv);
same('1', $peer->answer->header('x-own'));
same('cba', $peer->ask('abc'));
$peer->close();
$srv->stop();
same([], $srv->notes('open'));
