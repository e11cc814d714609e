<?php
// MSG_PEEK leaves the bytes, MSG_WAITALL waits for all that was asked for, MSG_DONTWAIT does not wait.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fgets($connection);
    foreach (str_split('abcdefghij', 2) as $part) {
        fwrite($connection, $part);
        usleep(3000); // time: so that the parts come apart
    }
    fgets($connection);
});
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
$begin = hrtime(true);
same(false, @$client->recv(100, Swoole\Client::MSG_DONTWAIT));
same(SOCKET_EAGAIN, $client->errCode);
between(0, 1000, (hrtime(true) - $begin) / 1e6, 'milliseconds without waiting');
$client->send("go\n");
same('a', $client->recv(1, Swoole\Client::MSG_PEEK));
same('a', $client->recv(1, Swoole\Client::MSG_PEEK));
same('abcdefgh', $client->recv(8, Swoole\Client::MSG_WAITALL));
same('ij', $client->recv(2, Swoole\Client::MSG_WAITALL));
