<?php
// "localhost" is a host that can be listened on, for TCP and UDP.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
}, host: 'localhost');
same('x', (new Client("tcp://127.0.0.1:{$srv->port}"))->ask('x'));
$srv->stop();
