<?php

// Greets who opens a WebSocket, and answers what they say. Who has none may wait for the next message by GET /next (long polling).
//   php websocket_server.php    then in a browser's console
//     s = new WebSocket('ws://127.0.0.1:9501/?name=me'); s.onmessage = (e) => console.log(e.data); s.onopen = () => s.send('hello')

$server = new swoole_websocket_server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));
$server->set(['worker_num' => 1]); // so that who waits is known to whom a message comes

$waiting = []; // answers that are owed

$server->on('open', function (swoole_websocket_server $server, swoole_http_request $request) {
    $name = $request->get['name'] ?? 'somebody';
    echo "client $request->fd opens: $name\n";
    $server->push($request->fd, "hello, welcome $name");
});
$server->on('message', function (swoole_websocket_server $server, swoole_websocket_frame $frame) use (&$waiting) {
    echo "client $frame->fd says: $frame->data\n";
    $server->push($frame->fd, "server: $frame->data");
    $server->push($frame->fd, json_encode(['opcode' => $frame->opcode, 'finish' => $frame->finish]));
    foreach ($waiting as $response) {
        $response->end("$frame->data\n");
    }
    $waiting = [];
});
$server->on('request', function (swoole_http_request $request, swoole_http_response $response) use (&$waiting) {
    if ($request->server['request_uri'] === '/next') {
        $waiting[$request->fd] = $response; // answered later: nobody blocks meanwhile
        return;
    }
    $response->status(404);
    $response->end("open a WebSocket, or ask for /next\n");
});
$server->on('close', function (swoole_websocket_server $server, int $fd) use (&$waiting) {
    unset($waiting[$fd]);
    echo "client $fd is gone\n";
});

echo "WebSocket server on ws://$server->host:$server->port\n";
$server->start();
