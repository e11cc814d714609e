<?php
// A package beyond package_max_length: the connection is closed, with its own error number, and no receive.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, pack('N', 5 << 20) . 'body');
    fgets($connection);
});
$events = [];
swoole_async_set(['log_level' => SWOOLE_LOG_NONE]); // it is logged
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->set(['open_length_check' => true, 'package_length_type' => 'N', 'package_body_offset' => 4, 'package_max_length' => 1 << 20]);
foreach (['connect', 'receive', 'error', 'close'] as $name) {
    $client->on($name, function ($client) use ($name, &$events) {
        $events[] = [$name, $client->errCode];
    });
}
$client->connect('127.0.0.1', $peer->port, PATIENCE);
loop();
same([['connect', 0], ['close', SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE]], $events);
