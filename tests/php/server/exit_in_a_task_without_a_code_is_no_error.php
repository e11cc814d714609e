<?php
// exit() in onTask is an orderly end: WorkerError is not called, and the next task is done by a new task worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['wait' => fn ($server, $data) => $server->taskwait($data, 60.0)]);
    $server->set(['task_worker_num' => 1]);
    $server->on('workerError', fn () => note('error'));
    $server->on('task', fn ($server, $id, $source, $data) => $data === 'exit' ? exit(0) : getmypid());
});
$srv->allow('/task/i');
$pid = $srv->call('wait', 'pid');
same(false, $srv->call('wait', 'exit'));
ok($srv->call('wait', 'pid') !== $pid, 'another task worker does the next');
same([], $srv->notes('error'));
$srv->stop();
