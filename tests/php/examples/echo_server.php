<?php
// examples/php/echo_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('echo_server', freePort());
same('hello', $srv->connect()->ask('hello'));
eventually(fn () => str_contains($srv->output(), 'left'), 'it tells who left');
$srv->stop();
contains('client 1 came from 127.0.0.1', $srv->output());
contains('bye', $srv->output());
