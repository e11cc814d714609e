<?php
// http_proxy_host: the connection goes through CONNECT; what the peer says right behind the proxy's answer is not lost.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/proxies.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, 'hello ');
    fwrite($connection, 'you said ' . fgets($connection));
});
foreach ([null, ['user', 'pass:word']] as $login) {
    $proxy = new Peer(fn ($connection) => httpProxy($connection, $login));
    $client = new Swoole\Client(SWOOLE_SOCK_TCP);
    $client->set(['http_proxy_host' => '127.0.0.1', 'http_proxy_port' => $proxy->port] + ($login ? ['http_proxy_user' => $login[0], 'http_proxy_password' => $login[1]] : []));
    same(true, $client->connect('localhost', $peer->port, PATIENCE));
    $client->send("hello\n");
    same("hello you said hello\n", $client->recv(21, Swoole\Client::MSG_WAITALL));
    same("localhost:$peer->port\n", asked());
}
$refused = function (array $set, int $port) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP);
    $client->set($set);
    [$result, $messages] = warnings(fn () => $client->connect('127.0.0.1', $port, PATIENCE));
    same([false, 1, SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_FAILED], [$result, count($messages), $client->errCode]);
    return $messages[0];
};
$set = ['http_proxy_host' => '127.0.0.1', 'http_proxy_port' => $proxy->port];
contains('407', $refused($set, $peer->port));
contains('502', $refused($set + ['http_proxy_user' => 'user', 'http_proxy_password' => 'pass:word'], deadPort()));
