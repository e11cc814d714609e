<?php
// SWOOLE_KEEP in a worker: request after request goes over one connection to the server behind.
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    while (fgets($connection) !== false) {
        fwrite($connection, getmypid() . "\n");
    }
});
$srv = serve(function (Swoole\Server $server) use ($peer) {
    $server->set(['worker_num' => 1]);
    $server->on('receive', function ($server, $fd) use ($peer) {
        $client = new swoole_client(SWOOLE_SOCK_TCP | SWOOLE_KEEP);
        $client->connect('127.0.0.1', $peer->port, PATIENCE);
        $client->send("who\n");
        $server->send($fd, "$client->reuseCount " . $client->recv());
        $client->close();
    });
});
$client = $srv->connect();
[$count, $first] = explode(' ', $client->write('ask')->readTo());
same('0', $count);
foreach (['1', '2', '3'] as $count) {
    same("$count $first", $client->write('ask')->readTo());
}
$srv->stop();
