<?php

// A small web server on the event loop: PHP's own streams, swoole_event_add() and nothing else. It answers every request
// with the connections that it has.
//   php http_events.php 9999
//   curl http://127.0.0.1:9999/

$port = (int) ($argv[1] ?? 9999);
$context = stream_context_create(['socket' => ['backlog' => 1024, 'so_reuseport' => true]]);
$server = stream_socket_server("tcp://127.0.0.1:$port", $number, $reason, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
$server || exit("cannot listen on port $port: $reason\n");

$connections = []; // peers by descriptor

swoole_event_add($server, function ($server) use (&$connections) {
    $connection = @stream_socket_accept($server, 0, $peer);
    if (!$connection) {
        return; // gone again
    }
    $connections[(int) $connection] = $peer;
    $request = '';
    swoole_event_add($connection, function ($connection) use (&$request, &$connections) {
        $data = fread($connection, 65536);
        if ($data === '' || $data === false) { // the end: a readable connection without data
            unset($connections[(int) $connection]);
            swoole_event_del($connection);
            fclose($connection);
            return;
        }
        $request .= $data;
        // A request may come in pieces, and several may come at once.
        while (($end = strpos($request, "\r\n\r\n")) !== false) {
            $request = substr($request, $end + 4);
            $body = json_encode(array_values($connections)) . "\n";
            $head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " . strlen($body) . "\r\n\r\n";
            // Unlike fwrite() it takes all of it, however slowly the other side reads.
            swoole_event_write($connection, $head . $body);
        }
        if (strlen($request) > 65536) { // no request has such a head
            unset($connections[(int) $connection]);
            swoole_event_del($connection);
            fclose($connection);
        }
    });
});
echo "web server on port $port\n";
