<?php
// sendfile() between two sends: the peer gets the three in order; a missing file is false with a warning.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$content = random_bytes(3 << 20);
file_put_contents(tmp('file'), $content);
$peer = new Peer(function ($connection) {
    fwrite($connection, hash('sha256', stream_get_contents($connection)));
});
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->on('connect', function ($client) {
    same(false, warnings(fn () => $client->sendfile(tmp('none')))[0]);
    $client->send('before');
    same(true, $client->sendfile(tmp('file'), 100));
    same(true, $client->sendfile(tmp('file'), 5, 10));
    $client->send('after');
    same(true, $client->shutdown(Swoole\Client::SHUT_WR));
});
$client->on('receive', function ($client, $data) use (&$got) {
    $got = $data;
});
$client->on('error', fn () => throw new Failed('error'));
$client->on('close', fn () => null);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
loop();
same(hash('sha256', 'before' . substr($content, 100) . substr($content, 5, 10) . 'after'), $got);
