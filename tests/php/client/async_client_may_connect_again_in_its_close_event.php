<?php
// Reconnecting in onClose and in onError, with the same object: each connection has its own events.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, 'hello');
});
$dead = deadPort();
$events = [];
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->on('connect', function () use (&$events) {
    $events[] = 'connect';
});
$client->on('receive', function ($client, $data) use (&$events) {
    $events[] = $data;
});
$client->on('error', function ($client) use (&$events, $peer) {
    $events[] = 'error';
    same(true, $client->connect('127.0.0.1', $peer->port, PATIENCE));
});
$client->on('close', function ($client) use (&$events, $peer, $dead) {
    $events[] = 'close';
    match (count($events)) {
        3 => same(true, $client->connect('127.0.0.1', $peer->port, PATIENCE)),
        6 => same(true, $client->connect('127.0.0.1', $dead, PATIENCE)),
        default => null,
    };
});
$client->connect('127.0.0.1', $peer->port, PATIENCE);
warnings(fn () => loop());
same(['connect', 'hello', 'close', 'connect', 'hello', 'close', 'error', 'connect', 'hello', 'close'], $events);
