<?php
// task() gives the task's number; onTask gets (server, number, number of the asking worker, data) in a task worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['task' => fn ($server, $data) => $server->task($data)]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', function ($server, ...$arguments) {
        note('task', ...$arguments);
        note('where', $server->worker_id, $server->taskworker, getmypid() === $server->worker_pid);
    });
});
same(0, $srv->call('task', 'some text'));
same([0, 0, 'some text'], $srv->await('task'));
same([1, true, true], $srv->await('where'));
same(1, $srv->call('task', ['a' => 1]));
same([1, 0, ['a' => 1]], $srv->await('task', 2));
$srv->stop();
