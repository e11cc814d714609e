<?php
// examples/php/udp_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('udp_server', freePort(), type: SWOOLE_SOCK_UDP);
matches('/^\d\d\d\d-\d\d$/', $srv->connect()->askPacket('Y-m'));
$srv->stop();
