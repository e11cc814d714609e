<?php
// A client that has sent its request and shut down its side is answered before the connection ends.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('close', fn () => note('close'));
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "got $data"));
});
$client = $srv->connect()->write('x');
$answer = $client->read(5);
$client->shutdown();
same('got x', $answer);
$client->closed();
$srv->await('close');
$srv->stop();
