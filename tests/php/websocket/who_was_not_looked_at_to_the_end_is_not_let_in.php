<?php
// onBeforeHandshakeResponse may be where a script looks at who comes: when it throws, calls exit() or dies, the client gets 500 and no WebSocket.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveWebSocket(fn ($server, $frame) => $server->push($frame->fd, $frame->data), more: function ($server) {
    $server->on('open', fn () => note('open'));
    $server->on('workerError', fn () => null);
    $server->on('beforeHandshakeResponse', function ($server, $request) {
        match ($request->server['request_uri']) {
            '/throw' => throw new Exception('nobody knows who it is'),
            '/exit' => exit(0),
            '/die' => trigger_error('it cannot be told who it is', E_USER_ERROR),
            '/' => null,
        };
    });
});
$srv->allow('/nobody knows who it is|it cannot be told|ended by exit code 255/');
foreach (['/throw', '/exit', '/die'] as $path) {
    same([500, null], [($answer = (new WebSocketPeer($srv, $path))->answer)->status, $answer->header('sec-websocket-accept')], $path);
}
same([], $srv->notes('open'));
same('hi', WebSocketPeer::open($srv)->ask('hi'));
$srv->stop();
