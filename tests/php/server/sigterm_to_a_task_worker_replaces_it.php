<?php
// SIGTERM to a task worker: it ends the task in hand, answers it, and is replaced without an error.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['task' => fn ($server, $data) => $server->task($data)]);
    $server->set(['task_worker_num' => 1, 'max_wait_time' => 20]);
    $server->on('workerError', fn () => note('error'));
    $server->on('task', function ($server, $id, $source, $data) {
        note('begun');
        holdFor(tmp('go'));
        return getmypid();
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $id, $data));
});
$pid = $srv->worker(1);
$srv->call('task', 'x');
$srv->call('task', 'y');
$srv->await('begun');
posix_kill($pid, SIGTERM);
touch(tmp('go'));
same([0, $pid], $srv->await('finish'));
same(1, $srv->await('finish', 2)[0]);
eventually(fn () => $srv->worker(1) !== $pid, 'it is replaced');
same([], $srv->notes('error'));
$srv->allow('/worker/i');
$srv->stop();
