<?php
// pipe(): what one client receives goes straight to another descriptor, megabytes of it, without receive events.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$content = str_repeat(random_bytes(1 << 10), 4 << 10);
$source = new Peer(function ($connection) use ($content) {
    fwrite($connection, $content);
});
[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_blocking($other, false);
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->on('connect', function ($client) use ($one) {
    $client->pipe($one);
});
$client->on('receive', fn () => throw new Failed('a receive event'));
$client->on('error', fn () => throw new Failed('error'));
$client->on('close', function () use (&$closed) {
    $closed = true;
});
$got = '';
swoole_event_add($other, function ($other) use (&$got, $content) {
    $got .= fread($other, 100_000);
    strlen($got) >= strlen($content) && swoole_event_del($other);
});
$client->connect('127.0.0.1', $source->port, PATIENCE);
loop();
ok($got === $content, 'all came: ' . strlen($got));
same(true, $closed);
