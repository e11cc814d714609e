<?php
// onWorkerExit: called in a worker that is leaving, before its onWorkerStop.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['reload_async' => true]);
    $server->on('workerExit', fn ($server, $id) => note('life', 'exit', $id));
    $server->on('workerStop', fn ($server, $id) => note('life', 'stop', $id));
    $server->on('afterReload', fn () => note('after'));
    echoes($server);
});
$client = $srv->connect();
same('x', $client->ask('x'));
$srv->signal(SIGUSR1);
$srv->await('after');
$life = $srv->notes('life');
foreach ([0, 1] as $id) {
    $stop = array_search(['stop', $id], $life, true);
    $exit = array_search(['exit', $id], $life, true);
    ok($stop !== false && $exit !== false && $exit < $stop, "worker $id: " . json_encode($life));
}
$srv->stop();
