<?php
// Data is sent by workers: in the master and the manager send() is false with an error number.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->on('managerStart', fn ($server) => note('manager', @$server->send(1, 'x'), $server->getLastError()));
    $server->on('start', fn ($server) => note('master', @$server->send(1, 'x'), $server->getLastError()));
});
$srv->allow('/send|session/i');
same([false, SWOOLE_ERROR_SERVER_SEND_IN_MASTER], $srv->await('manager'));
if (!base()) {
    same([false, SWOOLE_ERROR_SERVER_SEND_IN_MASTER], $srv->await('master'));
}
$srv->stop();
