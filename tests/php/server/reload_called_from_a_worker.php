<?php
// reload() in a worker replaces every worker, the caller too, after it has answered.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'reload') {
            note('reloading', $server->reload());
        }
        $server->send($fd, 'ok');
    });
});
$old = [$srv->worker(0), $srv->worker(1)];
same('ok', $srv->connect()->ask('reload', 2));
same([true], $srv->await('reloading'));
eventually(fn () => !array_intersect($old, [$srv->worker(0), $srv->worker(1)]), 'both workers are new ones');
same('ok', $srv->connect()->ask('again', 2));
$srv->stop();
