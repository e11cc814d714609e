<?php
// Response::upgrade() in onHandshake: push(), ping(), disconnect() and close() of the answer go to the connection.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveWebSocket(fn () => null, more: function ($server) {
    $server->on('handshake', function ($request, $response) {
        $done = [$response->upgrade(), $response->isWritable()];
        note('done', $done, $response->push('hello'), $response->ping('p'), $response->disconnect(4002, 'enough'));
    });
});
$peer = WebSocketPeer::open($srv);
same('hello', $peer->text());
same([9, 'p', true], $peer->frame());
same([4002, 'enough'], $peer->closing());
same([[true, false], true, true, true], $srv->await('done'));
$srv->stop();
