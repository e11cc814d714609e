<?php
// The event-driven client goes through SOCKS5 and HTTP proxies too; a proxy that refuses is an error event.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/proxies.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, "welcome\n");
    fwrite($connection, 'you said ' . fgets($connection));
});
$socks = new Peer(fn ($connection) => socks5($connection, ['user', 'word']));
$http = new Peer(fn ($connection) => httpProxy($connection, ['user', 'word']));
$events = [];
$run = function (array $settings, int $port) use (&$events) {
    $events = [];
    $client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    $client->set($settings + ['open_eof_split' => true, 'package_eof' => "\n"]);
    $client->on('connect', fn ($client) => $client->send("hello\n"));
    $client->on('receive', function ($client, $data) use (&$events) {
        $events[] = $data;
    });
    $client->on('error', function ($client) use (&$events) {
        $events[] = $client->errCode;
    });
    $client->on('close', function () use (&$events) {
        $events[] = 'close';
    });
    $client->connect('localhost', $port, PATIENCE);
    warnings(fn () => loop());
    return $events;
};
$socksSettings = ['socks5_host' => '127.0.0.1', 'socks5_port' => $socks->port, 'socks5_username' => 'user', 'socks5_password' => 'word'];
$httpSettings = ['http_proxy_host' => '127.0.0.1', 'http_proxy_port' => $http->port, 'http_proxy_user' => 'user', 'http_proxy_password' => 'word'];
foreach ([$socksSettings, $httpSettings] as $settings) {
    same(["welcome\n", "you said hello\n", 'close'], $run($settings, $peer->port));
    same("localhost:$peer->port\n", asked());
}
same([SWOOLE_ERROR_SOCKS5_AUTH_FAILED], $run(['socks5_password' => 'wrong'] + $socksSettings, $peer->port));
same([SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_FAILED], $run(['http_proxy_password' => 'wrong'] + $httpSettings, $peer->port));
