<?php
// shutdown(SHUT_WR): the peer sees the end and may still answer.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, 'you said ' . stream_get_contents($connection));
});
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
$client->send('everything');
same(true, $client->shutdown(Swoole\Client::SHUT_WR));
same('you said everything', $client->recv(100, Swoole\Client::MSG_WAITALL));
[$result] = warnings(fn () => $client->shutdown(7));
same(false, $result);
