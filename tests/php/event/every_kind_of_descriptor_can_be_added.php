<?php
// A number, a PHP stream, a Socket object and a pipe of proc_open: each callback is given the value that was added.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = [];
$add = function (string $name, mixed $what, callable $read) use (&$got) {
    $added = swoole_event_add($what, function ($given) use ($name, $what, $read, &$got) {
        $got[$name] = [$given === $what, $read($given)];
        swoole_event_del($given);
    });
    ok($added !== false, "$name is added");
};

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($other, 'stream');
$add('stream', $one, fn ($stream) => fread($stream, 100));

socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair);
socket_write($pair[1], 'socket');
$add('socket', $pair[0], fn ($socket) => socket_read($socket, 100));

[$datagrams, $port] = listener('udp://127.0.0.1:0');
fwrite(stream_socket_client("udp://127.0.0.1:$port"), 'udp');
$add('datagram', $datagrams, fn ($socket) => stream_socket_recvfrom($socket, 100));

$process = proc_open(['echo', 'pipe'], [1 => ['pipe', 'w']], $pipes);
$add('pipe', $pipes[1], fn ($pipe) => fread($pipe, 100));

$client = new Swoole\Client(SWOOLE_SOCK_TCP);
[$listener, $port] = listener();
$client->connect('127.0.0.1', $port, PATIENCE);
$connection = accepted($listener);
fwrite($connection, 'number');
$add('number', $client->sock, fn ($number) => $client->recv());

loop();
ksort($got);
same([
    'datagram' => [true, 'udp'], 'number' => [true, 'number'], 'pipe' => [true, "pipe\n"],
    'socket' => [true, 'socket'], 'stream' => [true, 'stream'],
], $got);
proc_close($process);
