<?php
// A kept Task object that is destroyed without an answer ends the task: taskwait() is told at once.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server) => $server->taskwait('x', 60.0),
        'stats' => fn ($server) => $server->stats()['tasking_num'],
    ]);
    $server->set(['task_worker_num' => 1, 'task_use_object' => true]);
    $server->on('task', function ($server, $task) {
        $server->after(20, function () use (&$task) {
            $task = null;
        });
    });
});
same(false, $srv->call('wait'));
same(0, $srv->call('stats'));
$srv->stop();
