<?php
// Uncaught exceptions in connect, close, packet, workerStop, start and managerStart are reported, and the server still works and ends.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $throw = fn (string $where) => function () use ($where) {
        throw new RuntimeException("thrown in $where");
    };
    foreach (['connect', 'close', 'workerStop', 'start', 'managerStart', 'managerStop', 'shutdown', 'beforeShutdown'] as $event) {
        $server->on($event, $throw($event));
    }
    $datagrams = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
    $datagrams->on('packet', $throw('packet'));
    echoes($server);
});
$srv->allow('/thrown|Uncaught|worker/i');
$client = $srv->connect();
same('x', $client->ask('x'));
$client->close();
$srv->expect('/thrown in connect/');
$srv->expect('/thrown in close/');
fwrite($srv->connect(1)->stream, 'x');
$srv->expect('/thrown in packet/');
same('x', $srv->connect()->ask('x'));
$srv->signal(SIGTERM);
$srv->wait();
foreach (['managerStart', 'workerStop', 'shutdown'] as $event) {
    $srv->expect("/thrown in $event/");
}
