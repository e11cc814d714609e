<?php

// A page and the WebSocket that it talks to: what one visitor writes, all of them see.   php chat.php   then open http://127.0.0.1:9501

$server = new Swoole\WebSocket\Server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));
$server->set(['websocket_compression' => true]);
$page = file_get_contents(__DIR__ . '/chat.html');

/** Sends something to all who have the page open. */
$toAll = function (array $what) use ($server) {
    $message = json_encode($what, JSON_INVALID_UTF8_SUBSTITUTE);
    foreach ($server->connections as $fd) {
        if ($server->isEstablished($fd)) { // the others are loading the page
            $server->push($fd, $message);
        }
    }
};

$server->on('request', function ($request, $response) use ($page) {
    if ($request->server['request_uri'] !== '/') {
        $response->status(404);
        $response->end("There is nothing here but the page at /\n");
        return;
    }
    $response->header('Content-Type', 'text/html; charset=utf-8');
    $response->end($page);
});
$server->on('open', function ($server, $request) use ($toAll) {
    $toAll(['who' => "visitor $request->fd", 'says' => 'is here now']);
});
$server->on('message', function ($server, $frame) use ($toAll) {
    $toAll(['who' => "visitor $frame->fd", 'says' => $frame->data]);
});
$server->on('close', function ($server, $fd) use ($toAll) {
    $toAll(['who' => "visitor $fd", 'says' => 'has left']);
});
echo "open http://$server->host:$server->port in one browser window, or better in two\n";
$server->start();
