<?php
// A kept connection that the peer has closed, or in which bytes wait that nobody asked for, is given up: connect() makes a new one.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$connect = function () use ($port) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_KEEP);
    same(true, $client->connect('127.0.0.1', $port, PATIENCE));
    return $client;
};
foreach (['closed', 'talked'] as $how) {
    $client = $connect();
    $connection = accepted($listener);
    $client->close();
    $how === 'closed' ? fclose($connection) : fwrite($connection, 'surprise');
    $client = $connect();
    same(false, $client->reuse, "after the peer $how");
    $connection = accepted($listener);
    fwrite($connection, 'hello');
    same('hello', $client->recv());
    $client->close(true);
}
