<?php
// backlog, tcp_fastopen, tcp_defer_accept: seen in the listening socket.
require __DIR__ . '/../../support/php/bootstrap.php';

const TCP_DEFER_ACCEPT_NUMBER = 9, TCP_FASTOPEN_NUMBER = 23;
$srv = serve(function (Swoole\Server $server) {
    $server->set(['backlog' => 64, 'tcp_fastopen' => true, 'tcp_defer_accept' => 5]);
    echoes($server);
    $server->on('workerStart', function ($server, $id) {
        $socket = $server->getSocket();
        note('options', $socket instanceof Socket,
            socket_get_option($socket, SOL_TCP, TCP_FASTOPEN_NUMBER) > 0, socket_get_option($socket, SOL_TCP, TCP_DEFER_ACCEPT_NUMBER) > 0);
    });
});
same([true, true, true], $srv->await('options'));
same('x', $srv->connect()->ask('x'));
$srv->stop();
