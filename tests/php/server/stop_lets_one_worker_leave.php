<?php
// stop(): this worker, or the one of that number, ends gracefully and is replaced; no worker error is reported.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
    $server->on('workerError', fn ($server, $id) => note('error', $id));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        note('stopping', $data === 'self' ? $server->stop() : $server->stop((int) $data), $server->worker_id);
        $server->send($fd, 'ok');
    });
});
$srv->allow('/worker/i');
$old = [$srv->worker(0), $srv->worker(1)];
same('ok', $srv->connect()->ask('self', 2));
[$done, $id] = $srv->await('stopping');
same(true, $done);
eventually(fn () => $srv->worker($id) !== $old[$id], 'the worker was replaced');
same($old[1 - $id], $srv->worker(1 - $id), 'the other one stays');
same('ok', $srv->connect()->ask((string) (1 - $id), 2));
eventually(fn () => $srv->worker(1 - $id) !== $old[1 - $id], 'the other one was replaced');
same([[$id], [1 - $id]], $srv->notes('stop'));
same([], $srv->notes('error'));
same('ok', $srv->connect()->ask('9', 2));
same([false], array_slice($srv->await('stopping', 3), 0, 1));
$srv->stop();
