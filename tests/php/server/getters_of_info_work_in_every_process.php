<?php
// stats(), getClientList(), connections and getClientInfo() answer in the master and the manager too, about the whole server.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('connect', fn ($server, $fd) => note('connect', $fd));
    $server->on('beforeShutdown', fn ($server) => note('master', $server->stats()['connection_num'], $server->getClientList(), count($server->connections)));
    $server->on('beforeReload', fn ($server) => note('manager', $server->stats()['connection_num'], $server->getClientList(), count($server->connections)));
    $server->on('afterReload', fn () => note('after'));
    echoes($server);
});
$clients = $srv->connectMany(3);
$srv->await('connect', 3);
$fds = array_column($srv->notes('connect'), 0);
sort($fds);
if (!base()) {
    $srv->signal(SIGUSR1);
    $srv->await('after');
    [$count, $list, $counted] = $srv->await('manager');
    sort($list);
    same([3, $fds, 3], [$count, $list, $counted]);
}
$srv->signal(SIGTERM);
[$count, $list, $counted] = $srv->await('master');
sort($list);
same([3, $fds, 3], [$count, $list, $counted]);
$srv->stop();
