<?php
// swoole_client_select() over clients, streams and Sockets: it leaves those that are ready, with their keys, and counts them.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$clients = $connections = [];
foreach (['a', 'b', 'c'] as $name) {
    $clients[$name] = new Swoole\Client(SWOOLE_SOCK_TCP);
    $clients[$name]->connect('127.0.0.1', $port, PATIENCE);
    $connections[$name] = accepted($listener);
}
[$stream, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair);
fwrite($connections['b'], 'x');
fwrite($other, 'x');
socket_write($pair[1], 'x');
$read = $clients + ['stream' => $stream, 'socket' => $pair[0]];
$write = [7 => $clients['a']];
$except = [$clients['a']];
same(4, swoole_client_select($read, $write, $except, 5));
same(['b', 'stream', 'socket'], array_keys($read));
ok($read['b'] === $clients['b'] && $read['stream'] === $stream, 'the same objects');
same([7], array_keys($write));
same([], $except);
$read = ['c' => $clients['c']];
$none = null;
$begin = hrtime(true);
same(0, swoole_select($read, $none, $none, 0.05));
ok(hrtime(true) - $begin >= 50e6, 'it waits');
same([], $read);
same(null, $none);
fclose($connections['c']);
$read = ['c' => $clients['c']];
same(1, swoole_select($read, $none, $none, 5), 'an end is readable');
