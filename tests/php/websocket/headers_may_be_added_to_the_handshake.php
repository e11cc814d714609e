<?php
// onBeforeHandshakeResponse may add headers and cookies, or refuse; onOpen follows.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveWebSocket(fn ($server, $frame) => $server->push($frame->fd, $frame->data), more: function ($server) {
    $server->on('open', fn ($server, $request) => $server->push($request->fd, "open {$request->get['a']}"));
    $server->on('beforeHandshakeResponse', function ($server, $request, $response) {
        if ($request->get['a'] === 'no') {
            $response->status(401, 'Who');
            $response->end('?');
            return;
        }
        $response->header('X-Added', $request->get['a']);
        note('kept', $response->isWritable());
        Swoole\Timer::after(1, fn () => note('later', $response->isWritable()));
    });
});
$refused = new WebSocketPeer($srv, '/?a=no');
same([401, 'Who', '?'], [$refused->answer->status, $refused->answer->reason, $refused->answer->body]);
$peer = WebSocketPeer::open($srv, '/?a=1');
same('1', $peer->answer->header('x-added'));
same('open 1', $peer->text());
same('x', $peer->ask('x'));
same([[true], [false]], [$srv->await('kept'), $srv->await('later')]);
$srv->stop();
