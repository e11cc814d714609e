<?php
// The host may be a Unix socket or an IPv6 address.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

$talk = function ($connection) {
    while ([$line, $headers] = requestFrom($connection)) {
        fwrite($connection, answerOf(200, "$line to {$headers['host']}"));
    }
};
$path = tmp('socket');
$unix = new Peer($talk, "unix://$path");
foreach (["unix:$path", "unix://$path"] as $host) {
    $client = new Swoole\Http\Client($host);
    same(SWOOLE_SOCK_UNIX_STREAM, $client->type);
    same([200, 'GET / HTTP/1.1 to localhost'], outcome($client, fn ($client, $done) => $client->get('/', $done)));
}
$v6 = new Peer($talk, 'tcp://[::1]:0');
foreach (['::1', '[::1]'] as $host) {
    $client = new Swoole\Http\Client($host, $v6->port);
    same(SWOOLE_SOCK_TCP6, $client->type);
    same([200, "GET / HTTP/1.1 to [::1]:$v6->port"], outcome($client, fn ($client, $done) => $client->get('/', $done)));
}
