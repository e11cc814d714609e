<?php
// A task worker that waits for a task only it could do gets false, and does that task afterwards.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['wait' => fn ($server, $data) => $server->taskwait($data, PATIENCE)]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', function ($server, $id, $source, $data) {
        note('task', $data);
        return $data === 'outer' ? [$server->taskwait('inner', 0.2)] : $data;
    });
});
same([false], $srv->call('wait', 'outer'));
$srv->await('task', 2);
same([['outer'], ['inner']], $srv->notes('task'));
same('next', $srv->call('wait', 'next'));
$srv->stop();
