<?php
// onOpen has the request of the handshake, onMessage the frames, onClose comes once.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveWebSocket(function ($server, $frame) {
    $server->push($frame->fd, json_encode([$frame::class, $frame->data, $frame->opcode, $frame->flags, $frame->finish, $frame->fd]));
}, more: function ($server) {
    $server->on('open', fn ($server, $request) => $server->push($request->fd, json_encode([$request->get, $request->header['x-name'], $request->fd])));
    $server->on('close', fn ($server, $fd) => note('close', $fd));
});
$peer = WebSocketPeer::open($srv, '/chat?room=1', ['X-Name: me']);
[$get, $name, $fd] = json_decode($peer->text(), true);
same([['room' => '1'], 'me'], [$get, $name]);
same(['Swoole\WebSocket\Frame', 'hällo', 1, 1, true, $fd], json_decode($peer->ask('hällo'), true));
same(2, json_decode($peer->send("\x01", 2)->text())[2]);
same('inparts', json_decode($peer->send('in', 1, false)->send('par', 0, false)->send('ts', 0)->text())[1]);
same(100_000, strlen(json_decode($peer->ask(str_repeat('x', 100_000)))[1]));
$peer->close();
same([$fd], $srv->await('close'));
$srv->stop();
same(1, count($srv->notes('close')));
