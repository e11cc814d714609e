<?php
// connect() without connect, receive, error or close callback is refused (a datagram client needs receive only); so are unknown events.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$all = ['connect', 'receive', 'error', 'close'];
foreach ($all as $missing) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    foreach (array_diff($all, [$missing]) as $name) {
        $client->on($name, fn () => null);
    }
    try {
        [$result, $messages] = warnings(fn () => $client->connect('127.0.0.1', 1, 1));
        same([false, 1], [$result, count($messages)], "without $missing");
        contains($missing, strtolower($messages[0]));
    } catch (Swoole\Exception $e) {
        contains($missing, strtolower($e->getMessage()));
    }
}
[$socket, $port] = listener('udp://127.0.0.1:0');
$client = new Swoole\Client(SWOOLE_SOCK_UDP, SWOOLE_SOCK_ASYNC);
$client->on('receive', fn ($client) => $client->close());
same(true, $client->connect('127.0.0.1', $port, 1));
try {
    [$result, $messages] = warnings(fn () => $client->on('no such event', fn () => null));
    same([false, 1], [$result, count($messages)]);
} catch (Swoole\Exception) {
}
throws(TypeError::class, fn () => $client->on('connect', 'no such function'));
$client->close();
loop();
