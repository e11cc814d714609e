<?php
// close() right after a send of megabytes: the peer still gets everything, and then the end.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->on('connect', function ($client) use ($listener, &$got) {
    $connection = accepted($listener);
    $client->send(str_repeat('x', 1_900_000));
    $client->close();
    stream_set_blocking($connection, false);
    swoole_event_add($connection, function ($connection) use (&$got) {
        $got += strlen($data = fread($connection, 65536));
        $data === '' && swoole_event_del($connection);
    });
});
$got = 0;
$client->on('receive', fn () => null);
$client->on('error', fn () => throw new Failed('error'));
$client->on('close', function () use (&$closed) {
    $closed = true;
});
$client->connect('127.0.0.1', $port, PATIENCE);
loop();
same([1_900_000, true], [$got, $closed]);
