<?php
// An exception of package_length_func comes out of recv(); of an event-driven client out of wait(). The connection is ended.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, 'data');
    fgets($connection);
});
$settings = ['open_length_check' => true, 'package_length_func' => fn (string $data) => throw new LogicException("length of $data")];
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->set($settings);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
same('length of data', throws(LogicException::class, fn () => $client->recv())->getMessage());

$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->set($settings);
$events = [];
foreach (['connect', 'receive', 'error', 'close'] as $name) {
    $client->on($name, function () use ($name, &$events) {
        $events[] = $name;
    });
}
$client->connect('127.0.0.1', $peer->port, PATIENCE);
swoole_async_set(['log_level' => SWOOLE_LOG_NONE]);
same('length of data', throws(LogicException::class, fn () => loop())->getMessage());
loop();
same(['connect', 'close'], $events);
