<?php
// exist() and exists().
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        note('open', $server->exist($fd), $server->exists($fd), $server->exist(99999999), $server->exist(0), $server->exist(-1));
        $server->close($fd);
        note('closed', $server->exist($fd));
    });
});
$srv->connect()->write('x')->closed();
same([true, true, false, false, false], $srv->await('open'));
same([false], $srv->await('closed'));
$srv->stop();
