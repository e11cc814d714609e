<?php
// websocket_subprotocol is answered if the client offers it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveWebSocket(fn () => null, ['websocket_subprotocol' => 'chat.v2']);
same('chat.v2', WebSocketPeer::open($srv, '/', ['Sec-WebSocket-Protocol: chat.v1, chat.v2'])->answer->header('sec-websocket-protocol'));
same(null, WebSocketPeer::open($srv)->answer->header('sec-websocket-protocol'));
$srv->stop();
