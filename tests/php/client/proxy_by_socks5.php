<?php
// socks5_host: the connection goes through the proxy, which is told the name; with and without a user; refusals are told.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/proxies.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, 'you said ' . fgets($connection));
});
foreach ([null, ['user', 'pass:word']] as $login) {
    $proxy = new Peer(fn ($connection) => socks5($connection, $login));
    $client = new Swoole\Client(SWOOLE_SOCK_TCP);
    $client->set(['socks5_host' => '127.0.0.1', 'socks5_port' => $proxy->port] + ($login ? ['socks5_username' => $login[0], 'socks5_password' => $login[1]] : []));
    foreach (['127.0.0.1', 'localhost'] as $host) {
        same(true, $client->connect($host, $peer->port, PATIENCE), "to $host");
        $client->send("hello\n");
        same("you said hello\n", $client->recv());
        $client->close();
    }
    same("127.0.0.1:$peer->port\nlocalhost:$peer->port\n", asked());
}
$refused = function (array $set, int $port, ?int $code) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP);
    $client->set($set);
    [$result, $messages] = warnings(fn () => $client->connect('127.0.0.1', $port, PATIENCE));
    same([false, 1], [$result, count($messages)]);
    $code === null || same($code, $client->errCode);
};
$set = ['socks5_host' => '127.0.0.1', 'socks5_port' => $proxy->port];
$refused($set + ['socks5_username' => 'user', 'socks5_password' => 'wrong'], $peer->port, SWOOLE_ERROR_SOCKS5_AUTH_FAILED);
$refused($set, $peer->port, SWOOLE_ERROR_SOCKS5_UNSUPPORT_METHOD);
$refused($set + ['socks5_username' => 'user', 'socks5_password' => 'pass:word'], deadPort(), SWOOLE_ERROR_SOCKS5_SERVER_ERROR);
$refused(['socks5_host' => '127.0.0.1', 'socks5_port' => deadPort()], $peer->port, SOCKET_ECONNREFUSED);
$nonsense = new Peer(fn ($connection) => fwrite($connection, "HTTP/1.0 400 this is no SOCKS\r\n\r\n"));
$refused(['socks5_host' => '127.0.0.1', 'socks5_port' => $nonsense->port], $peer->port, SWOOLE_ERROR_SOCKS5_UNSUPPORT_VERSION);
