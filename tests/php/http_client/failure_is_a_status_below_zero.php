<?php
// Without an answer the status is -1, -2 or -3, with the reason in errCode and errMsg.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

same([-1, -2, -3, -4], [
    SWOOLE_HTTP_CLIENT_ESTATUS_CONNECT_FAILED, SWOOLE_HTTP_CLIENT_ESTATUS_REQUEST_TIMEOUT,
    SWOOLE_HTTP_CLIENT_ESTATUS_SERVER_RESET, SWOOLE_HTTP_CLIENT_ESTATUS_SEND_FAILED,
]);
$run = function (int $port, array $settings = [], string $host = '127.0.0.1') {
    $client = new Swoole\Http\Client($host, $port);
    $client->set($settings);
    $events = [];
    foreach (['connect', 'error', 'close'] as $event) {
        $client->on($event, function ($client) use ($event, &$events) {
            $events[] = $event;
        });
    }
    [$status] = outcome($client, fn ($client, $done) => $client->get('/', $done));
    same(false, $client->isConnected());
    same([null, '', -1], [$client->headers, $client->body, $client->sock]);
    ok($client->errMsg !== '', 'it says why');
    same($client->errCode, swoole_last_error());
    return [$status, $client->errCode, implode(' ', $events)];
};
same([-1, SOCKET_ECONNREFUSED, 'error'], $run(deadPort()));
[$full, $held] = fullPort();
same([-1, SOCKET_ETIMEDOUT, 'error'], $run($full, ['connect_timeout' => 0.05]));
same([-1, SOCKET_ETIMEDOUT, 'error'], $run($full, ['timeout' => 0.05]), 'timeout bounds connecting too');
same([-1, SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED, 'error'], $run(80, ['connect_timeout' => 10], 'no.such.host.invalid'));

$says = function (string $answer, array $settings = []) use ($run) {
    $peer = scripted([$answer]);
    return $run($peer->port, $settings);
};
$silent = new Peer(fn ($connection) => readAll($connection, 1 << 20));
same([-2, SOCKET_ETIMEDOUT, 'connect close'], $run($silent->port, ['timeout' => 0.05]));
foreach (['', 'HTTP/1.1 200', "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"] as $part) {
    [$status, , $events] = $says($part);
    same([-3, 'connect close'], [$status, $events], $part);
}
same([-3, SWOOLE_ERROR_HTTP_INVALID_PROTOCOL, 'connect close'], $says("SSH-2.0-x\r\n"));
same([-3, SWOOLE_ERROR_HTTP_INVALID_PROTOCOL, 'connect close'], $says("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"));
$long = answerOf(200, str_repeat('x', 70000));
same([-3, SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE, 'connect close'], $says($long, ['package_max_length' => 65536]));
