<?php
// examples/php/timers.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('timers');
$client = $srv->connect()->write("every 20\n");
foreach ([1, 2, 3] as $n) {
    matches('/^\d\d:\d\d:\d\d\n$/', $client->readTo());
}
$client->write("stop\n")->readTo("stopped\n");
$begin = microtime(true);
same("wake up\n", $client->write("in 50 wake up\n")->readTo());
between(0.05, 5, microtime(true) - $begin, 'seconds until the alarm');
$client->write("every 1000\n");
$other = $srv->connect()->write("every 20\n");
$other->readTo();
$begin = microtime(true);
$srv->stop();
between(0, 2, microtime(true) - $begin, 'seconds until the end: no tick keeps a worker');
