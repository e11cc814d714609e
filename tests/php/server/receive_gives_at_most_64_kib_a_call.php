<?php
// Without a protocol onReceive gets what came, at most 64 KiB a call, nothing lost and in order.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        note('length', strlen($data));
        $server->send($fd, $data);
    });
});
$data = random_bytes(1000000);
ok($srv->connect()->ask($data) === $data, 'a million bytes come back in order');
$lengths = array_column($srv->notes('length'), 0);
same(1000000, array_sum($lengths));
ok(max($lengths) <= 65536, 'at most 64 KiB a call, got ' . max($lengths));
$srv->stop();
