<?php
// Clients that are told by callbacks, with TLS: over TCP, TCP6 and a Unix socket, of plain data, HTTP and WebSocket.
require __DIR__ . '/../../support/php/bootstrap.php';

$authority = new Authority();
$files = $authority->issue('DNS:localhost,IP:127.0.0.1,IP:::1');
$path = tmp('socket');
$srv = serve(function (Swoole\WebSocket\Server $server) use ($files, $path) {
    $server->set($files);
    $plain = ['open_http_protocol' => false, 'open_websocket_protocol' => false];
    foreach (['tcp' => ['127.0.0.1', SWOOLE_SOCK_TCP], 'tcp6' => ['::1', SWOOLE_SOCK_TCP6], 'unix' => ["$path-plain", SWOOLE_SOCK_UNIX_STREAM]] as [$host, $type]) {
        $server->listen($host, 0, $type | SWOOLE_SSL)->set($files + $plain);
    }
    $server->listen('::1', 0, SWOOLE_SOCK_TCP6 | SWOOLE_SSL)->set($files + ['open_websocket_protocol' => true]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "<$data>"));
    $server->on('request', fn ($request, $response) => $response->end($request->server['request_uri']));
    $server->on('message', fn ($server, $frame) => $server->push($frame->fd, "<$frame->data>"));
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL, class: Swoole\WebSocket\Server::class);
$verify = ['ssl_verify_peer' => true, 'ssl_cafile' => $authority->file];

$got = [];
foreach ([[SWOOLE_SOCK_TCP, '127.0.0.1', 1], [SWOOLE_SOCK_TCP6, '::1', 2], [SWOOLE_SOCK_UNIX_STREAM, "$path-plain", 3]] as [$type, $host, $at]) {
    $client = new Swoole\Client($type | SWOOLE_SSL, SWOOLE_SOCK_ASYNC);
    $client->set($verify);
    $client->on('connect', fn ($client) => $client->send('hello'));
    $client->on('receive', function ($client, $data) use (&$got, $host) {
        $got[$host] = $data;
        $client->close();
    });
    $client->on('error', fn ($client) => throw new Failed("$host: $client->errMsg"));
    $client->on('close', fn () => null);
    ok($client->connect($host, $at === 3 ? 0 : $srv->ports[$at][1], PATIENCE), "connecting to $host");
}
loop();
ksort($got);
same(["$path-plain" => '<hello>', '127.0.0.1' => '<hello>', '::1' => '<hello>'], $got);

foreach (['127.0.0.1' => 0, '::1' => 4] as $host => $at) {
    $answers = [];
    $client = new Swoole\Http\Client($host, $srv->ports[$at][1], true);
    $client->set($verify);
    $client->get('/page', function ($client) use (&$answers) {
        $answers[] = [$client->statusCode, $client->body];
        $client->on('message', function ($client, $frame) use (&$answers) {
            $answers[] = $frame->data;
            $client->close();
        });
        $client->upgrade('/', function ($client) use (&$answers) {
            $answers[] = $client->statusCode;
            $client->push('hello');
        });
    });
    loop();
    same([[200, '/page'], 101, '<hello>'], $answers, $host);
}
$srv->stop();
