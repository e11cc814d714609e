<?php
// The second argument of task(), and the third of taskwait(), choose the task worker, counted from 0.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server, $index) => $server->taskwait('x', PATIENCE, $index),
        'task' => fn ($server, $index) => $server->task('x', $index),
    ]);
    $server->set(['task_worker_num' => 3]);
    $server->on('task', fn ($server) => byTaskWorker($server, 'done'));
    $server->on('finish', fn ($server, $id, $data) => note('finish', $id, $data));
});
foreach ([2, 0, 1, 1, 2] as $n => $index) {
    same("done by $index", $srv->call('wait', $index));
    $srv->call('task', $index);
    same("done by $index", $srv->await('finish', $n + 1)[1]);
}
$srv->stop();
