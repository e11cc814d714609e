<?php
// TCP: what a client sends comes back, whatever bytes it is made of.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(echoes(...));
$client = $srv->connect();
same('hello', $client->ask('hello'));
$binary = implode('', array_map('chr', range(0, 255)));
same($binary, $client->ask($binary));
$srv->stop();
