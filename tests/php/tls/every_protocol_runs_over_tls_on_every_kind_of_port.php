<?php
// TLS under raw data, packages with an end mark and with a length, HTTP and WebSocket, each over TCP, TCP6 and a Unix socket; a plain port beside them stays plain.
require __DIR__ . '/../../support/php/bootstrap.php';

$files = (new Authority())->issue();
$kinds = ['TCP' => ['127.0.0.1', SWOOLE_SOCK_TCP], 'TCP6' => ['::1', SWOOLE_SOCK_TCP6], 'Unix' => [tmp('socket'), SWOOLE_SOCK_UNIX_STREAM]];
$plain = ['open_http_protocol' => false, 'open_websocket_protocol' => false];
$protocols = [
    'raw' => $plain,
    'eof' => $plain + ['open_eof_split' => true, 'package_eof' => "\r\n"],
    'length' => $plain + ['open_length_check' => true, 'package_length_type' => 'N', 'package_body_offset' => 4],
    'http' => ['open_http_protocol' => true, 'open_websocket_protocol' => false],
    'websocket' => ['open_websocket_protocol' => true],
];
$srv = serve(function (Swoole\WebSocket\Server $server) use ($files, $kinds, $protocols) {
    $server->set(['open_http_protocol' => true]);
    foreach ($kinds as [$host, $type]) {
        foreach ($protocols as $name => $settings) {
            $port = $server->listen($type === SWOOLE_SOCK_UNIX_STREAM ? "$host-$name" : $host, 0, $type | SWOOLE_SSL);
            $port->set($files + $settings);
        }
    }
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, '<' . strlen($data) . ">$data"));
    $server->on('request', fn ($request, $response) => $response->end($request->rawContent()));
    $server->on('message', fn ($server, $frame) => $server->push($frame->fd, "<$frame->data>"));
}, class: Swoole\WebSocket\Server::class);

$number = 0;
foreach ($kinds as $kind => [$host, $type]) {
    $client = function (string $name) use ($host, $type, $srv, &$number, $kind) {
        $port = $srv->ports[++$number];
        $client = new Swoole\Client($type | SWOOLE_SSL);
        ok($client->connect($type === SWOOLE_SOCK_UNIX_STREAM ? "$host-$name" : $host, $port[1], PATIENCE), "connected to $kind, $name");
        return $client;
    };
    $hear = function ($client, string $wanted) use ($kind) {
        for ($got = ''; strlen($got) < strlen($wanted) && ($more = $client->recv()) !== '' && $more !== false; $got .= $more);
        same($wanted, $got, $kind);
    };
    // Two parts of one package are two sends.
    $raw = $client('raw');
    $raw->send('hello');
    $hear($raw, '<5>hello');

    $eof = $client('eof');
    $eof->send("one\r\ntw");
    $hear($eof, "<5>one\r\n");
    $eof->send("o\r\n");
    $hear($eof, "<5>two\r\n");

    $length = $client('length');
    $length->send(pack('N', 3) . 'abc' . pack('N', 70_000));
    $hear($length, '<7>' . pack('N', 3) . 'abc');
    $length->send($long = str_repeat('x', 70_000));
    $hear($length, '<70004>' . pack('N', 70_000) . $long);

    $http = $client('http');
    foreach (['first', str_repeat('y', 50_000)] as $body) {
        $http->send(requestOf('POST', '/', [], $body));
        for ($got = ''; !str_ends_with($got, "\r\n\r\n$body"); $got .= $more) {
            ok(($more = $http->recv()) !== '' && $more !== false, "$kind: an answer of " . strlen($body) . ' bytes');
        }
        ok(str_starts_with($got, 'HTTP/1.1 200 OK'), "$kind: its status");
    }

    $socket = $client('websocket');
    $socket->send(requestOf('GET', '/', ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']));
    for ($head = ''; !str_ends_with($head, "\r\n\r\n"); $head .= $more) {
        ok(($more = $socket->recv()) !== '' && $more !== false, "$kind: a handshake");
    }
    contains('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=', $head);
    // Masked by nothing but zeros.
    $socket->send("\x81\x85\0\0\0\0hello");
    $hear($socket, "\x81\x07<hello>");
}
same('in the clear', fetch($srv, '/', 'POST', body: 'in the clear')->body);
$srv->stop();
