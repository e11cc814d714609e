<?php
// kill -9 of the master: every other process ends too.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(echoes(...));
$client = $srv->connect();
same('x', $client->ask('x'));
$children = $srv->children();
ok(count($children) >= 2, 'processes below the master: ' . count($children));
$srv->kill();
eventually(fn () => !array_filter($children, alive(...)), 'all of them are gone', 10);
