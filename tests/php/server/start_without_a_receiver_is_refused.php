<?php
// start() without onReceive on a TCP port, or onPacket on a datagram port: false, and a warning that names what is missing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([[SWOOLE_SOCK_TCP, 'receive'], [SWOOLE_SOCK_UDP, 'packet']] as [$type, $event]) {
    [, $output] = inChild(function () use ($type) {
        $server = new Swoole\Server('127.0.0.1', 0, MODE, $type);
        [$result, $messages] = warnings(fn () => @$server->start());
        echo json_encode([$result, $messages]);
    });
    [$result, $messages] = json_decode($output) ?? throw new Failed($output);
    same([false, 1], [$result, count($messages)]);
    contains($event, strtolower($messages[0]));
}
