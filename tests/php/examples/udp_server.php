<?php
// examples/php/udp_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('udp_server', type: SWOOLE_SOCK_UDP);
same('Swoole UDP Server: hello', $srv->connect()->askPacket('hello'));
$srv->stop();
contains('5 bytes from 127.0.0.1', $srv->output());
