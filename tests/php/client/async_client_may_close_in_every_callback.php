<?php
// close() in connect, receive, bufferFull: close is called once, and no receive after it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    while (!feof($connection) && @fwrite($connection, str_repeat('x', 1000)) !== false) {
    }
});
foreach (['connect', 'receive', 'bufferFull'] as $where) {
    $events = [];
    $client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    $client->set(['socket_buffer_size' => 8 << 20, 'buffer_high_watermark' => 1 << 20]);
    foreach (['connect', 'receive', 'bufferFull', 'error', 'close'] as $name) {
        $client->on($name, function ($client) use ($name, $where, &$events) {
            $events[] = $name;
            $name === 'connect' && $where === 'bufferFull' && $client->send(str_repeat('y', 7 << 20));
            $name === $where && same(true, $client->close($where === 'bufferFull'));
            $name === 'close' && same(false, $client->isConnected());
        });
    }
    $client->connect('127.0.0.1', $peer->port, PATIENCE);
    loop();
    same(1, count(array_keys($events, 'close')), "close events after close() in $where");
    same('close', end($events));
    same([false], array_slice(warnings(fn () => $client->close()), 0, 1), 'a second close()');
    $where === 'connect' && same(['connect', 'close'], $events);
    $where === 'receive' && same(['connect', 'receive', 'close'], $events);
}
