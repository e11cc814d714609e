<?php
// on() takes event names in any letter case; getCallback() too.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    same(true, $server->on('CONNECT', fn () => note('connect')));
    same(true, $server->on('ReCeIvE', fn ($server, $fd, $reactor, $data) => $server->send($fd, $data)));
    $server->on('cLOSE', fn () => note('close'));
    note('got', $server->getCallback('Connect') instanceof Closure, $server->getCallback('receive') instanceof Closure);
});
$client = $srv->connect();
same('x', $client->ask('x'));
$client->close();
$srv->await('connect');
$srv->await('close');
same([true, true], $srv->await('got'));
$srv->stop();
