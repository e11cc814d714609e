<?php
// While a reload waits for one worker, the other is there to serve.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('workerStop', fn ($server, $id) => note('life', 'stop', $id));
    $server->on('workerStart', fn ($server, $id) => note('life', 'start', $id));
    $server->on('afterReload', fn () => note('after'));
    echoes($server);
});
$srv->signal(SIGUSR1);
$srv->await('after');
$running = 0;
$least = 2;
foreach ($srv->notes('life') as $i => [$what]) {
    $running += $what === 'start' ? 1 : -1;
    $least = $i < 2 ? $least : min($least, $running);
}
same([2, 1], [$running, $least]);
$srv->stop();
