<?php
// onClose runs exactly once for each connection, whoever closes first.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->send($fd, 'ok');
        if ($data === 'close') {
            $server->close($fd);
            $server->close($fd);
        }
    });
    $server->on('close', fn ($server, $fd) => note('close', $fd));
});
foreach ($srv->connectMany(20) as $i => $client) {
    same('ok', $client->ask($i % 2 ? 'close' : 'stay', 2));
    $client->close();
}
$srv->await('close', 20);
$srv->stop();
$fds = array_column($srv->notes('close'), 0);
same([20, 20], [count($fds), count(array_unique($fds))]);
