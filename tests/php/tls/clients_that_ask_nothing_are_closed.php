<?php
// A client that does the handshake and sends no request is closed after http_head_timeout, in order and without an answer; one that goes on as a WebSocket is not.
require __DIR__ . '/../../support/php/bootstrap.php';
require_once __DIR__ . '/../../support/php/tls.php';

$files = (new Authority())->issue();
$srv = serve(function ($server) use ($files) {
    $server->set(['worker_num' => 1, 'http_head_timeout' => 0.4, 'http_keepalive_timeout' => 0.4] + $files);
    $server->on('request', fn ($request, $response) => $response->end('well'));
    $server->on('message', fn ($server, $frame) => $server->push($frame->fd, $frame->data));
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL, class: Swoole\WebSocket\Server::class);

$socket = secured($srv->port);
$lines = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: ' . base64_encode(random_bytes(16))];
fwrite($socket, requestOf('GET', '/', $lines));
contains('101 Switching', fgets($socket));
while (trim(fgets($socket)) !== '') {
}

$idle = secured($srv->port);
$begin = microtime(true);
same(['', true], [fread($idle, 1), feof($idle)], 'nothing is said, and the stream ends');
$took = microtime(true) - $begin;
ok($took > 0.2 && $took < PATIENCE, "it took $took s");

$client = secured($srv->port);
fwrite($client, requestOf('GET', '/'));
ok(str_ends_with(stream_get_contents($client), 'well'), 'it is answered, and closed when it asks no more');

fwrite($socket, "\x81\x82\0\0\0\0hi");
same("\x81\x02hi", fread($socket, 4), 'the WebSocket has outlived them');
$srv->stop();
