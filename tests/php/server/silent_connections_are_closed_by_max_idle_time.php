<?php
// max_idle_time: a connection that neither sends nor is sent anything for so many seconds is closed.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['max_idle_time' => 1]);
    $server->on('close', fn ($server, $fd, $reactor) => note('close', $reactor < 0));
    echoes($server);
});
[$silent, $speaking] = $srv->connectMany(2);
$begin = microtime(true);
eventually(function () use ($srv, $speaking) {
    same('x', $speaking->ask('x'));
    return $srv->notes('close');
}, 'the silent one is closed');
between(0.8, 6, microtime(true) - $begin, 'seconds of silence');
$silent->closed();
same('x', $speaking->ask('x'));
$srv->stop();
