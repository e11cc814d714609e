<?php
// Twenty megabytes to a peer that reads bit by bit: send() comes back when all is on its way, and all arrives.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    $hash = hash_init('sha256');
    $length = 0;
    while ($length < 20 << 20) {
        $data = fread($connection, 8192);
        $length += strlen($data);
        hash_update($hash, $data);
        $length % 100 === 0 && usleep(50); // time: a slow reader
    }
    fwrite($connection, hash_final($hash));
});
$data = random_bytes(1 << 20);
$data = str_repeat($data, 20);
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
same(20 << 20, $client->send($data));
same(hash('sha256', $data), $client->recv());
