<?php
// examples/php/websocket_server.php does what its head says, with the clients of websocket_client.php and websocket_events.php.
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

[$code, $said] = example('websocket_client', [$srv->port, 'one', str_repeat('x', 70_000)]);
same(0, $code, $said);
$name = get_current_user();
same("hello, welcome $name\nserver: one\n{\"opcode\":1,\"finish\":true}\nserver: " . str_repeat('x', 70_000) . "\n{\"opcode\":1,\"finish\":true}\n", $said);
[$code, $said] = example('websocket_client', [deadPort()]);
same(255, $code);
contains('no connection', $said);
same([0, "hello, welcome php\nserver: two\n{\"opcode\":1,\"finish\":true}\nclosed\n"], example('websocket_events', [$srv->port, 'two']));

$peer->close();
$srv->expect('/^client 1 is gone$/m');
$srv->stop();
matches('/^client 1 opens: me$.*^client 1 says: hello$/ms', $srv->output());
