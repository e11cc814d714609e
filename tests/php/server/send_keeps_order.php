<?php
// What one callback sends in many calls arrives in that order.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd) {
        for ($i = 0; $i < 2000; $i++) {
            $server->send($fd, "$i\n");
        }
    });
});
$wanted = implode("\n", range(0, 1999)) . "\n";
foreach ($srv->connectMany(4) as $client) {
    same(md5($wanted), md5($client->ask('go', strlen($wanted))));
}
$srv->stop();
