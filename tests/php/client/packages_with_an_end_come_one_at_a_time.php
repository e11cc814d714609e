<?php
// open_eof_check: each recv() is one package, however its bytes arrive: one by one, or several packages at once.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    drip($connection, "one\r\n\r\n\r\n\r\ntwo\r\n\r\n");
    fwrite($connection, "three\r\n\r\nfour\r\n\r\nrest");
});
foreach (['open_eof_check', 'open_eof_split'] as $option) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP);
    $client->set([$option => true, 'package_eof' => "\r\n\r\n"]);
    $client->connect('127.0.0.1', $peer->port, PATIENCE);
    foreach (['one', '', 'two', 'three', 'four'] as $package) {
        same("$package\r\n\r\n", $client->recv(), $option);
    }
    same('', $client->recv(), 'the end: what is no package is not given');
}
