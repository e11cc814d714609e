<?php
// kill -9 of a worker: onWorkerError says (server, id, pid, exit code, signal), and a new worker takes its place.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('workerError', fn ($server, ...$arguments) => note('error', ...$arguments));
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
    $server->on('receive', fn ($server, $fd) => $server->send($fd, "{$server->worker_id}\n"));
});
$srv->allow('/worker/i');
$old = $srv->worker(0);
posix_kill($old, SIGKILL);
same([0, $old, 0, SIGKILL], $srv->await('error'));
eventually(fn () => $srv->worker(0) !== $old, 'worker 0 is a new process');
$seen = array_map(fn ($client) => trim($client->write('x')->readTo()), $srv->connectMany(30));
sort($seen);
base() || same(['0', '1'], array_values(array_unique($seen))); // in BASE mode the kernel chooses
same([], $srv->notes('stop'));
$srv->stop();
