<?php
// TCP over IPv6.
require __DIR__ . '/../../support/php/bootstrap.php';

if (@stream_socket_server('tcp://[::1]:0') === false) {
    exit(0); // this machine has no IPv6
}
$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->on('connect', fn ($server, $fd) => note('from', $server->getClientInfo($fd)['remote_ip']));
}, host: '::1', type: SWOOLE_SOCK_TCP6);
same('hello', $srv->connect()->ask('hello'));
same(['::1'], $srv->await('from'));
$srv->stop();
