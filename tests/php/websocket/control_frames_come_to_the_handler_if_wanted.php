<?php
// Pings are answered and closes echoed by the engine, or, with open_websocket_*_frame, handed to onMessage.
require __DIR__ . '/../../support/php/bootstrap.php';

$settings = ['open_websocket_close_frame' => true, 'open_websocket_ping_frame' => true, 'open_websocket_pong_frame' => true];
$srv = serveWebSocket(function ($server, $frame) {
    if ($frame instanceof Swoole\WebSocket\CloseFrame) {
        note('closed', $frame->code, $frame->reason, $frame->opcode);
    } elseif ($frame->opcode === WEBSOCKET_OPCODE_PING) {
        $server->push($frame->fd, "own {$frame->data}", WEBSOCKET_OPCODE_PONG);
    } elseif ($frame->opcode === WEBSOCKET_OPCODE_PONG) {
        $server->push($frame->fd, "pong {$frame->data}");
    } else {
        $server->ping($frame->fd, 'there?');
    }
}, $settings);
$peer = WebSocketPeer::open($srv);
same([10, 'own p', true], $peer->send('p', 9)->frame());
same([9, 'there?', true], $peer->send('x')->frame());
same('pong there?', $peer->send('there?', 10)->text());
$peer->send(pack('n', 1001) . 'bye', 8);
same([1001, 'bye', 8], $srv->await('closed'));
$srv->stop();

$srv = serveWebSocket(fn ($server, $frame) => note('message', $frame->opcode));
$peer = WebSocketPeer::open($srv);
same([10, 'p', true], $peer->send('p', 9)->frame());
$peer->close(1000);
$srv->stop();
same([], $srv->notes('message'));
