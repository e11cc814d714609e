<?php

// A WebSocket client that is told by callbacks.   php websocket_events.php 9501 hello    talks to websocket_server.php

$text = $argv[2] ?? 'hello';
$client = new Swoole\Http\Client('127.0.0.1', (int) ($argv[1] ?? 9501));
$client->on('message', function (Swoole\Http\Client $client, Swoole\WebSocket\Frame $frame) {
    static $messages = 0;
    echo "$frame->data\n";
    if (++$messages === 3) { // the greeting, and two for what was said
        $client->close();
    }
});
$client->on('close', function () {
    echo "closed\n";
});
$client->upgrade('/?name=php', function (Swoole\Http\Client $client) use ($text) {
    if ($client->statusCode !== 101) {
        exit("no WebSocket: $client->statusCode $client->errMsg\n");
    }
    $client->push($text);
});
