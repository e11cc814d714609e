<?php
// shutdown() in a worker ends the server gracefully: the answer still arrives and start() comes back in the master.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd) {
        note('shutdown', $server->shutdown());
        $server->send($fd, 'bye');
    });
});
same('bye', $srv->connect()->ask('x', 3));
same([true], $srv->await('shutdown'));
$srv->ended();
