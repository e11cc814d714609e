<?php
// A peer that sends and closes at once: receive with all its data comes before close.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$data = str_repeat('0123456789', 200_000);
$peer = new Peer(function ($connection) use ($data) {
    fwrite($connection, $data);
});
$got = '';
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->on('connect', fn () => null);
$client->on('receive', function ($client, $part) use (&$got) {
    ok(strlen($part) <= 65536, 'bytes of one event: ' . strlen($part));
    $got .= $part;
});
$client->on('error', fn () => throw new Failed('error'));
$client->on('close', function () use (&$got, $data) {
    ok($got === $data, 'bytes before close: ' . strlen($got));
});
$client->connect('127.0.0.1', $peer->port, PATIENCE);
loop();
