<?php
// examples/php/echo_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('echo_server');
same('hello', $srv->connect()->ask('hello'));
$srv->stop();
contains("echo server on 127.0.0.1:{$srv->port}", $srv->output());
