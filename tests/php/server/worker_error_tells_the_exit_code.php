<?php
// exit(7) in a callback: onWorkerError gets exit code 7 and signal 0; what was sent before arrives.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('workerError', fn ($server, ...$arguments) => note('error', ...$arguments));
    $server->on('receive', function ($server, $fd) {
        $server->send($fd, "{$server->worker_id} " . getmypid() . "\n");
        exit(7);
    });
});
$srv->allow('/worker/i');
[$id, $pid] = explode(' ', trim($srv->connect()->write('x')->readTo()));
same([(int) $id, (int) $pid, 7, 0], $srv->await('error'));
eventually(fn () => $srv->worker((int) $id) !== (int) $pid, 'it was replaced');
$srv->stop();
