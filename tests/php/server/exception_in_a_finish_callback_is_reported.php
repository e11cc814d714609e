<?php
// What a finish callback or onFinish throws is reported as an uncaught exception, and the worker goes on.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'callback' => fn ($server) => $server->task('x', -1, fn () => throw new RuntimeException('thrown in a callback')),
        'event' => fn ($server) => $server->task('x'),
        'wait' => fn ($server) => $server->taskwait('x', PATIENCE),
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => 'done');
    $server->on('finish', fn () => throw new RuntimeException('thrown in the event'));
});
$worker = $srv->worker(0);
$srv->call('callback');
$srv->expect('/Uncaught RuntimeException: thrown in a callback/');
$srv->call('event');
$srv->expect('/Uncaught RuntimeException: thrown in the event/');
same('done', $srv->call('wait'));
same($worker, $srv->worker(0), 'the worker lives on');
$srv->stop();
