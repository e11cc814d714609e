<?php
// A peer that speaks something else, closes, breaks the handshake off or stays silent: connect fails with the reason, in time.
// mode: any
// time: a timeout of 0.4 s for the silent one
require __DIR__ . '/../../support/php/bootstrap.php';

$peers = [
    [new Peer(fn ($connection) => fwrite($connection, "220 hello, this is a mail server\r\n")), SWOOLE_ERROR_SSL_HANDSHAKE_FAILED, '/does not seem to speak TLS/'],
    [new Peer(fn ($connection) => fread($connection, 10000)), SWOOLE_ERROR_SSL_HANDSHAKE_FAILED, '/closed the connection in the TLS handshake/'],
    [new Peer(fn ($connection) => fread($connection, 10000) && fwrite($connection, "\x15\x03\x03\x00\x02\x02\x28")), SWOOLE_ERROR_SSL_HANDSHAKE_FAILED, '/HandshakeFailure/'],
    [new Peer(fn ($connection) => fread($connection, 10000) && fwrite($connection, "\x16\x03\x03\x00\x7a\x02\x00")), SWOOLE_ERROR_SSL_HANDSHAKE_FAILED, '/closed the connection in the TLS handshake/'],
    [new Peer(fn ($connection) => sleep(30)), SOCKET_ETIMEDOUT, '/timed out/'], // time: it never answers
];
foreach ($peers as $i => [$peer, $code, $pattern]) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $begin = hrtime(true);
    [$connected, $said] = warnings(fn () => $client->connect('127.0.0.1', $peer->port, $i === 4 ? 0.4 : PATIENCE));
    between(0, 5000, (hrtime(true) - $begin) / 1e6, 'milliseconds');
    same([false, $code], [$connected, $client->errCode], "case $i: " . ($said[0] ?? ''));
    matches($pattern, $said[0]);
}
$ends = [];
foreach ($peers as $i => [$peer, $code, $pattern]) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL, SWOOLE_SOCK_ASYNC);
    foreach (['connect', 'receive', 'close'] as $event) {
        $client->on($event, fn () => throw new Failed("$event in case $i"));
    }
    $client->on('error', function ($client) use ($i, $pattern, &$ends) {
        $ends[$i] = $client->errCode;
        matches($pattern, $client->errMsg);
    });
    $client->connect('127.0.0.1', $peer->port, $i === 4 ? 0.4 : PATIENCE);
}
loop();
ksort($ends);
same(array_column($peers, 1), $ends);
