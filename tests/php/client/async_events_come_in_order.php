<?php
// connect, receive and close of an event-driven client, each with the client itself; the loop ends after close.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->send($fd, "answer to $data");
        $server->close($fd);
    });
});
$events = [];
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$tell = function (string $name) use ($client, &$events) {
    return function ($given, ...$more) use ($name, $client, &$events) {
        $events[] = [$name, $given === $client, $client->isConnected(), ...$more];
    };
};
$client->on('connect', function ($client) use ($tell) {
    $tell('connect')($client);
    same(8, $client->send('question'));
});
$client->on('receive', $tell('receive'));
$client->on('error', $tell('error'));
$client->on('close', $tell('close'));
same(true, $client->connect('127.0.0.1', $srv->port, PATIENCE));
same([], $events, 'no event comes from within connect()');
loop();
same([['connect', true, true], ['receive', true, true, 'answer to question'], ['close', true, false]], $events);
$srv->stop();
