<?php
// An exception in connect, receive or close comes out of wait(); the client is as it would be without it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fgets($connection);
    fwrite($connection, 'hello');
});
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->on('connect', function ($client) {
    $client->send("go\n");
    throw new LogicException('connect');
});
$client->on('receive', fn ($client, $data) => throw new LogicException("receive $data"));
$client->on('close', fn () => throw new LogicException('close'));
$client->on('error', fn () => throw new LogicException('error'));
$client->connect('127.0.0.1', $peer->port, PATIENCE);
foreach (['connect', 'receive hello', 'close'] as $message) {
    same($message, throws(LogicException::class, fn () => loop())->getMessage());
}
$client->connect('127.0.0.1', deadPort(), PATIENCE);
same('error', throws(LogicException::class, fn () => warnings(fn () => loop()))->getMessage());
loop();
