<?php
// onClose: reactorId is negative when the server closed, and getClientInfo() still answers inside.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        note('closing', $server->close($fd));
    });
    $server->on('close', fn ($server, $fd, $reactor) => note('close', $reactor, $server->getClientInfo($fd)['remote_port'] ?? null));
});
$client = $srv->connect();
$port = $client->port();
$client->write('bye')->closed();
same([true], $srv->await('closing'));
[$reactor, $seen] = $srv->await('close');
ok($reactor < 0, "reactorId is negative, got $reactor");
same($port, $seen);
$srv->stop();
