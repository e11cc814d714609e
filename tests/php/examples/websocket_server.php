<?php
// examples/php/websocket_server.php does what its head says, with the client of websocket_events.php as well.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('websocket_server');
$peer = WebSocketPeer::open($srv, '/?name=me');
same('hello, welcome me', $peer->text());
$poll = $srv->connect()->write(requestOf('GET', '/next'));
eventually(fn () => fetch($srv, '/')->status === 404, 'it answers others while one waits');
same('server: hello', $peer->ask('hello'));
same('{"opcode":1,"finish":true}', $peer->text());
same("hello\n", (new Answer($poll))->body);

same([0, "hello, welcome php\nserver: two\n{\"opcode\":1,\"finish\":true}\nclosed\n"], example('websocket_events', [$srv->port, 'two']));

$peer->close();
$srv->expect('/^client 1 is gone$/m');
$srv->stop();
matches('/^client 1 opens: me$.*^client 1 says: hello$/ms', $srv->output());
