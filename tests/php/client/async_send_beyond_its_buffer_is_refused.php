<?php
// More than socket_buffer_size waiting: send() gives false, nothing of that call is sent, and the connection goes on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fgets($connection);
    fwrite($connection, strlen(stream_get_contents($connection)) . ' bytes');
});
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->set(['socket_buffer_size' => 1 << 20]);
$client->on('connect', function ($client) use (&$sent, &$refused) {
    $client->send("\n");
    for ($sent = 0; ; $sent += 500_000) {
        [$result, $messages] = warnings(fn () => $client->send(str_repeat('x', 500_000)));
        if ($result === false) {
            break;
        }
        ok($sent < 100_000_000, 'there is a bound');
    }
    $refused = [count($messages), $client->errCode, $client->isConnected()];
    $client->shutdown(Swoole\Client::SHUT_WR);
});
$client->on('receive', function ($client, $data) use (&$got) {
    $got = $data;
    $client->close();
});
$client->on('error', fn () => throw new Failed('error'));
$client->on('close', fn () => null);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
loop();
same([0, SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW, true], $refused);
same("$sent bytes", $got);
