<?php
// What waits for a slow peer: bufferFull when it is more than the high watermark, bufferEmpty when it is gone; all arrives.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$data = random_bytes(6 << 20);
[$listener, $port] = listener();
$events = [];
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->set(['socket_buffer_size' => 8 << 20, 'buffer_high_watermark' => 1 << 20, 'buffer_low_watermark' => 0]);
$client->on('connect', function ($client) use ($listener, $data, &$events, &$got) {
    same(strlen($data), $client->send($data));
    $events[] = 'sent';
    $connection = accepted($listener);
    swoole_event_add($connection, function ($connection) use ($data, &$events, &$got) {
        $got .= fread($connection, 100_000);
        if (strlen($got) === strlen($data)) {
            $events[] = 'all came';
            swoole_event_write($connection, 'thanks');
            swoole_event_del($connection);
        }
    });
});
$client->on('bufferFull', function ($given) use ($client, &$events) {
    $events[] = $given === $client ? 'full' : 'wrong client';
});
$client->on('bufferEmpty', function ($given) use ($client, &$events) {
    $events[] = $given === $client ? 'empty' : 'wrong client';
});
$client->on('receive', function ($client, $thanks) use (&$events) {
    $events[] = $thanks;
    $client->close();
});
$client->on('error', fn () => throw new Failed('error'));
$client->on('close', fn () => null);
$client->connect('127.0.0.1', $port, PATIENCE);
loop();
ok($got === $data, 'what came is what was sent');
// The last bytes leave the client before the peer has read them.
same(['sent', 'full', 'empty', 'all came', 'thanks'], $events);
