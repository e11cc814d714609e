<?php
// A package beyond package_max_length: recv() gives false with its own error number, and the connection is closed.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, pack('N', 5 << 20) . 'body');
    fgets($connection);
});
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->set(['open_length_check' => true, 'package_length_type' => 'N', 'package_body_offset' => 4, 'package_max_length' => 1 << 20]);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
[$result, $messages] = warnings(fn () => $client->recv());
same([false, 1], [$result, count($messages)]);
same([SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE, false], [$client->errCode, $client->isConnected()]);
