<?php

// The shortest web server on the event loop: the kernel (epoll) tells which socket is ready, nobody asks all of them.
//   php epoll_server.php 8080
//   curl http://127.0.0.1:8080/

$port = (int) ($argv[1] ?? 8080);
$context = stream_context_create(['socket' => ['backlog' => 1024]]); // PHP's own is 32
$server = stream_socket_server("tcp://127.0.0.1:$port", $number, $reason, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
$server || exit("cannot listen on port $port: $reason\n");

swoole_event_add($server, function ($server) {
    $connection = @stream_socket_accept($server, 0);
    if (!$connection) {
        return;
    }
    // Reads the request before it answers: a connection closed with unread data is reset, and the answer may be lost.
    swoole_event_add($connection, function ($connection) {
        if (fread($connection, 65536) !== '') {
            swoole_event_write($connection, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nHi");
        }
        swoole_event_del($connection);
        fclose($connection);
    });
});
echo "web server on port $port\n";
