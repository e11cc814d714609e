<?php
// Ctrl-C, which reaches every process of the group, ends the server as SIGTERM does: with workerStop and shutdown.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
    $server->on('shutdown', fn () => note('shutdown'));
    echoes($server);
});
same('x', $srv->connect()->ask('x'));
foreach ([$srv->pid, ...$srv->children()] as $pid) {
    posix_kill($pid, SIGINT);
}
$srv->ended();
same([2, 1], [count($srv->notes('stop')), count($srv->notes('shutdown'))]);
