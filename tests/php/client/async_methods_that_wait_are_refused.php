<?php
// recv() of an event-driven client is refused; send() before the connect event too.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->on('connect', function ($client) use (&$results) {
    $results[] = warnings(fn () => $client->recv());
    $results[] = warnings(fn () => $client->connect('127.0.0.1', 1, 1));
    $client->close();
});
foreach (['receive', 'error', 'close'] as $name) {
    $client->on($name, fn () => null);
}
$client->connect('127.0.0.1', $port, PATIENCE);
$results[] = warnings(fn () => $client->send('early'));
$results[] = [$client->isConnected(), ['not connected yet']];
loop();
foreach ($results as [$result, $messages]) {
    same([false, 1], [$result, count($messages)], json_encode($messages));
}
