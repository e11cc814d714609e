<?php
// enable_unsafe_event: connect and close are reported in modes 1 and 3 too.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['dispatch_mode' => 3, 'enable_unsafe_event' => true]);
    $server->on('connect', fn () => note('connect'));
    $server->on('close', fn () => note('close'));
    echoes($server);
});
$client = $srv->connect();
same('x', $client->ask('x'));
$client->close();
$srv->await('connect');
$srv->await('close');
$srv->stop();
