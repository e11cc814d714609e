<?php
// A datagram of 65507 bytes, the most that UDP can carry, arrives whole and goes back whole; one more byte is refused.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('packet', function ($server, $data, $from) {
        note('sent', $server->sendto($from['address'], $from['port'], $data));
        note('larger', @$server->sendto($from['address'], $from['port'], $data . '!'));
    });
}, type: SWOOLE_SOCK_UDP);
$data = random_bytes(65507);
ok($srv->connect()->askPacket($data) === $data, 'the same 65507 bytes come back');
same([true], $srv->await('sent'));
same([false], $srv->await('larger'));
$srv->stop();
