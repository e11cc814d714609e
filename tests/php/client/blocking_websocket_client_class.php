<?php
// A WebSocket client class over the blocking client keeps up with messages of every length, in parts, and pings.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../../examples/php/websocket_client.php';

$srv = serve(function (Swoole\WebSocket\Server $server) {
    $server->set(['package_max_length' => 8 << 20, 'open_websocket_pong_frame' => true]);
    $server->on('message', function ($server, $frame) {
        if ($frame->opcode === WEBSOCKET_OPCODE_PONG) {
            note('pong', $frame->data);
            return;
        }
        $server->push($frame->fd, 'p', WEBSOCKET_OPCODE_PING);
        $server->push($frame->fd, $frame->data, WEBSOCKET_OPCODE_TEXT, 0);
        $server->push($frame->fd, '!', WEBSOCKET_OPCODE_CONTINUATION);
    });
}, class: Swoole\WebSocket\Server::class);
$client = new WebSocketClient('127.0.0.1', $srv->port, '/path', 'http://here');
same(false, @(new WebSocketClient('127.0.0.1', deadPort()))->connect());
contains('HTTP/1.1 101 ', (string) $client->connect());
same(true, $client->getSocket()->isConnected());
foreach (['', 'hello', str_repeat('x', 125), str_repeat('x', 126), str_repeat('x', 65535), str_repeat('x', 65536), str_repeat('x', 3_000_000)] as $message) {
    same(true, $client->send($message));
    same("$message!", $client->recv(), strlen($message) . ' bytes');
}
same('p', $srv->await('pong', 7)[0] ?? null);
$client->disconnect();
same(false, $client->recv());
$srv->stop();
