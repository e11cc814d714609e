<?php
// SIGTERM to one worker: it leaves in the ordinary way and another takes its place.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
    $server->on('workerError', fn () => note('error'));
    echoes($server);
});
$srv->allow('/worker/i');
$old = $srv->worker(1);
posix_kill($old, SIGTERM);
same([1], $srv->await('stop'));
eventually(fn () => $srv->worker(1) !== $old, 'it was replaced');
same('x', $srv->connect()->ask('x'));
$srv->stop();
same([], $srv->notes('error'));
