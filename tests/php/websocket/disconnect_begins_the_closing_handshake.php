<?php
// The client gets code and reason; onClose follows its answer.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveWebSocket(function ($server, $frame) {
    note('state', $server->isEstablished($frame->fd), $server->exist($frame->fd), $server->getClientInfo($frame->fd)['websocket_status']);
    note('done', $server->disconnect($frame->fd, 4000, 'that is all'));
    note('after', $server->isEstablished($frame->fd), $server->push($frame->fd, 'late'), $server->isEstablished(999));
}, more: fn ($server) => $server->on('close', fn ($server, $fd) => note('close', $fd)));
$peer = WebSocketPeer::open($srv)->send('x');
same([4000, 'that is all'], $peer->closing());
$peer->send(pack('n', 4000), 8);
$peer->client->closed();
$srv->await('close');
same([true, true, WEBSOCKET_STATUS_ACTIVE], $srv->last('state'));
same([true], $srv->last('done'));
same([false, false, false], $srv->last('after'));
$srv->stop();
