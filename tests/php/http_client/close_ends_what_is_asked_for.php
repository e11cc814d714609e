<?php
// close() lets all requests fail with -3, soon; afterwards the client can be used again.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

$peer = scripted([], [answerOf(200, 'again'), 'never']);
$client = new Swoole\Http\Client('127.0.0.1', $peer->port);
$told = [];
$tell = function ($client) use (&$told) {
    $told[] = $client->statusCode;
};
$client->get('/1', $tell);
$client->get('/2', $tell);
$client->on('connect', fn ($client) => same(true, $client->close()));
loop();
same([-3, -3], $told);
$client->on('connect', fn () => null);
same([200, 'again'], outcome($client, fn ($client, $done) => $client->get('/', $done)));
same(true, $client->isConnected());
same(true, $client->close());
same([false, -1, false], [$client->isConnected(), $client->sock, $client->close()]);
loop();
