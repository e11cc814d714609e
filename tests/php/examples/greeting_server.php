<?php
// examples/php/greeting_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('greeting_server');
$client = $srv->connect();
matches('/^Hello \d+!$/', $client->readTo('!'));
$client->write('good day');
$srv->expect('/client \d+ says: good day/');
$client->close();
$srv->expect('/client \d+ left/');
$srv->stop();
