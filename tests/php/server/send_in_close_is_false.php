<?php
// In onClose the connection is over: send() is false, getClientInfo() answers, exist() is false.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->on('close', fn ($server, $fd) => note('close', @$server->send($fd, 'x'), $server->exist($fd), $server->getClientInfo($fd)['remote_ip'] ?? null));
});
$srv->allow('/session|clos/i');
$client = $srv->connect();
same('x', $client->ask('x'));
$client->close();
same([false, false, '127.0.0.1'], $srv->await('close'));
$srv->stop();
