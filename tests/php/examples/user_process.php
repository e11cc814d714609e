<?php
// examples/php/user_process.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('user_process');
$clients = $srv->connectMany(6);
foreach ($clients as $client) {
    same("welcome\n", $client->readTo());
}
foreach ([1, 2, 3] as $n) {
    $clients[$n]->write("hello $n\n");
    foreach ($clients as $client) {
        same("$n: hello $n\n", $client->readTo());
    }
}
$srv->stop();
