<?php
// A session id is never given twice within a server's life, and ids only grow.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', fn ($server, $fd) => $server->send($fd, "$fd\n"));
});
$seen = [];
for ($round = 0; $round < 40; $round++) {
    foreach ($srv->connectMany(5) as $client) {
        $seen[] = (int) $client->write('?')->readTo();
        $client->close();
    }
}
same(200, count(array_unique($seen)));
ok(min($seen) > 0, 'ids are positive');
$srv->stop();
