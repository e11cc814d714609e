<?php

// A web server around one select(): it waits for all sockets, then goes through those that are ready. With socket_select() it
// ends at descriptor 1,024; swoole_select() has no such end. Both ask about every socket in every turn, which is what
// epoll_server.php saves.
//   php select_server.php 8080                  or   php select_server.php 8080 socket_select
//   curl http://127.0.0.1:8080/

$port = (int) ($argv[1] ?? 8080);
$select = $argv[2] ?? 'swoole_select'; // takes Sockets as well as clients and streams
const ANSWER = "HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 11\r\n\r\nhello world";

$server = socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
socket_set_option($server, SOL_SOCKET, SO_REUSEADDR, 1);
if (!@socket_bind($server, '127.0.0.1', $port) || !socket_listen($server, 1024)) {
    exit("cannot listen on port $port: " . socket_strerror(socket_last_error()) . "\n");
}
socket_set_nonblock($server); // a client may be gone again before it is accepted
echo "web server on port $port, by $select()\n";

$clients = [];
while (true) {
    $read = ['server' => $server] + $clients;
    $write = $except = null;
    if (!$select($read, $write, $except, 60)) {
        continue;
    }
    foreach ($read as $key => $socket) {
        if ($key !== 'server') {
            // One read tells: data of a request, or '' or false for the end.
            $request = @socket_read($socket, 65536);
            if ($request === '' || $request === false) {
                socket_close($socket);
                unset($clients[$key]);
            } elseif (str_contains($request, "\r\n\r\n")) { // short requests come in one piece
                socket_write($socket, ANSWER);
                socket_close($socket);
                unset($clients[$key]);
            }
        } elseif ($client = @socket_accept($server)) {
            $clients[spl_object_id($client)] = $client;
        }
    }
}
