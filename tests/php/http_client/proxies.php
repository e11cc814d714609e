<?php
// HTTP is asked for by an HTTP proxy in whole addresses; a WebSocket goes through it by CONNECT, and anything through SOCKS5.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';
require __DIR__ . '/../../support/php/proxies.php';

$server = scripted([answerOf(200, 'from the server')], [answerOf(403, 'no')]);
$proxy = scripted([answerOf(200, 'from the proxy')]);
$client = new Swoole\Http\Client('example.com', 8080);
$client->set(['http_proxy_host' => '127.0.0.1', 'http_proxy_port' => $proxy->port, 'http_proxy_user' => 'me', 'http_proxy_password' => 'secret']);
same([200, 'from the proxy'], outcome($client, fn ($client, $done) => $client->get('/a?b', $done)));
[[$line, $headers]] = requests();
same(['GET http://example.com:8080/a?b HTTP/1.1', 'example.com:8080', 'Basic ' . base64_encode('me:secret')], [$line, $headers['host'], $headers['proxy-authorization']]);

$server = scripted([answerOf(200, 'from the server')], [answerOf(403, 'no')]);
$socks = new Peer(fn ($connection) => socks5($connection, ['user', 'word']));
$client = new Swoole\Http\Client('localhost', $server->port);
$client->set(['socks5_host' => '127.0.0.1', 'socks5_port' => $socks->port, 'socks5_username' => 'user', 'socks5_password' => 'word', 'connect_timeout' => PATIENCE]);
same([200, 'from the server'], outcome($client, fn ($client, $done) => $client->get('/', $done)));
same("localhost:$server->port\n", asked());

$tunnel = new Peer(function ($connection) {
    [$line, $headers] = requestFrom($connection);
    same(true, preg_match('/^CONNECT (\S+) HTTP\/1.1$/', $line, $found) === 1 && $headers['proxy-authorization'] === 'Basic ' . base64_encode('user:word'));
    addLine(tmp('asked'), $found[1]);
    $onward = stream_socket_client("tcp://$found[1]");
    fwrite($connection, "HTTP/1.1 200 Connected\r\n\r\n");
    relay($connection, $onward);
});
$client = new Swoole\Http\Client('localhost', $server->port);
$client->set(['http_proxy_host' => '127.0.0.1', 'http_proxy_port' => $tunnel->port, 'http_proxy_user' => 'user', 'http_proxy_password' => 'word', 'connect_timeout' => PATIENCE]);
same([403, 'no'], outcome($client, fn ($client, $done) => $client->upgrade('/', $done)));
same("localhost:$server->port\n", asked());
same('GET / HTTP/1.1', requests()[1][0]);
