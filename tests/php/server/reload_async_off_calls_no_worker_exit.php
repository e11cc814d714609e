<?php
// reload_async off: a worker that leaves runs workerStop without workerExit.
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([true, false] as $async) {
    $srv = serve(function (Swoole\Server $server) use ($async) {
        $server->set(['reload_async' => $async]);
        $server->on('workerExit', fn ($server, $id) => note('exit', $id));
        $server->on('workerStop', fn ($server, $id) => note('stop', $id));
        $server->on('afterReload', fn () => note('after'));
        echoes($server);
    });
    $srv->signal(SIGUSR1);
    $srv->await('after');
    same(2, count($srv->notes('stop')));
    same($async, count($srv->notes('exit')) > 0, 'workerExit');
    $srv->stop();
}
