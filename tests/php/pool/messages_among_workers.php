<?php
// sendMessage() brings a message, of any bytes, whole to the worker of that number: from another worker, from itself, from the master.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$long = str_repeat('long ', 10_000);
$srv = pool([
    'start' => fn ($pool) => note('sent', $pool->sendMessage('to 0 from master', 0)),
    'message' => function ($pool, $data) use ($long) {
        note('got', $pool->workerId, strlen($data), substr(bin2hex($data), 0, 40));
        match (substr($data, 0, 4)) {
            'to 0' => $pool->sendMessage("next\0\xff", 1),
            'next' => $pool->sendMessage($long, 2),
            'long' => $pool->sendMessage('self', 2),
            'self' => $pool->sendMessage('last', 0),
            default => null,
        };
    },
], 3, SWOOLE_IPC_UNIXSOCK);
same([true], $srv->await('sent'));
$srv->await('got', 5);
$hex = fn ($text) => substr(bin2hex($text), 0, 40);
same([
    [0, 16, $hex('to 0 from master')],
    [1, 6, $hex("next\0\xff")],
    [2, 50_000, $hex($long)],
    [2, 4, $hex('self')],
    [0, 4, $hex('last')],
], $srv->notes('got'));
$srv->stop();
