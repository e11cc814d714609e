<?php
// Swoole\Async\Client is the event-driven client without the flag, and a Swoole\Client.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, strrev(rtrim(fgets($connection))));
});
$client = new Swoole\Async\Client(SWOOLE_SOCK_TCP);
ok($client instanceof Swoole\Client, 'its parent');
$got = [];
same(true, $client->on('connect', fn ($client) => $client->send("hello\n")));
$client->on('Receive', function ($client, $data) use (&$got) {
    $got[] = $data;
});
$client->on('error', fn () => throw new Failed('error'));
$client->on('CLOSE', function () use (&$got) {
    $got[] = 'close';
});
same(true, $client->connect('127.0.0.1', $peer->port, PATIENCE));
loop();
same(['olleh', 'close'], $got);
// The flag may stand in the type as well.
$client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_ASYNC);
foreach (['connect', 'receive', 'close'] as $name) {
    $client->on($name, fn () => null);
}
$client->on('error', function () use (&$got) {
    $got[] = 'error';
});
same(true, $client->connect('127.0.0.1', deadPort(), 5));
warnings(fn () => loop());
same('error', end($got));
