<?php
// examples/php/tcp_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('tcp_server');
same('Swoole TCP Server: hello', $srv->connect()->write('hello')->rest());
$srv->stop();
contains('client 1 closed', $srv->output());
