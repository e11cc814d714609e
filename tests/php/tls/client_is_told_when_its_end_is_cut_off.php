<?php
// A connection that ends without close_notify may have been cut by somebody else: recv() is false and not empty, and a close event has the number.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$files = (new Authority())->issue();
$peer = new Peer(function ($connection) use ($files) {
    stream_context_set_option($connection, ['ssl' => ['local_cert' => $files['ssl_cert_file'], 'local_pk' => $files['ssl_key_file']]]);
    encrypted($connection, server: true);
    fgets($connection);
    fwrite($connection, 'the beginning');
    stream_socket_shutdown($connection, STREAM_SHUT_RDWR);
});
$client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
$client->send("go\n");
same('the beginning', $client->recv());
same([false, SWOOLE_ERROR_SSL_RESET], [warnings(fn () => $client->recv())[0], $client->errCode]);
same(false, $client->isConnected());

$events = [];
$client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL, SWOOLE_SOCK_ASYNC);
$client->on('connect', fn ($client) => $client->send("go\n"));
$client->on('receive', function ($client, $data) use (&$events) {
    $events[] = $data;
});
$client->on('error', fn () => null);
$client->on('close', function ($client) use (&$events) {
    $events[] = $client->errCode;
});
$client->connect('127.0.0.1', $peer->port, PATIENCE);
loop();
same(['the beginning', SWOOLE_ERROR_SSL_RESET], $events);
