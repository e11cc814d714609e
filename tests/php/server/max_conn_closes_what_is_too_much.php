<?php
// max_conn: a client above it is accepted and closed; when others leave there is room again.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['max_conn' => 50]);
    $server->on('close', fn () => note('close'));
    echoes($server);
});
$srv->allow('/max_conn|connections/i');
$clients = $srv->connectMany(50);
foreach ($clients as $client) {
    same('x', $client->ask('x'));
}
foreach ($srv->connectMany(10) as $client) {
    $client->closed();
}
foreach ($clients as $client) {
    same('y', $client->ask('y'));
}
foreach (array_splice($clients, 0, 10) as $i => $client) {
    $client->close();
}
$srv->await('close', 10);
foreach ($srv->connectMany(10) as $client) {
    $more[] = $client;
    same('x', $client->ask('x'));
}
$srv->stop();
