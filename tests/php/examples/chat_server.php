<?php
// examples/php/chat_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$admin = freePort();
$srv = serveExample('chat_server', freePort(), [$admin]);
[$a, $b, $c] = $srv->connectMany(3);
foreach ([$a, $b, $c] as $client) {
    matches('/^welcome, you are \d+\n$/', $client->readTo());
}
$a->write("hello\n");
matches('/^\d+: hello\n$/', $b->readTo());
matches('/^\d+: hello\n$/', $c->readTo());
$a->silent(0.1);
same("3 clients\n", (new Client("tcp://127.0.0.1:$admin"))->rest());
$srv->stop();
