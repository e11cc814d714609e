<?php

// Gives the slow part of a request to a task worker and answers at once.   php task_server.php   then   echo hello | nc 127.0.0.1 9501

$server = new swoole_server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));
$server->set([
    'worker_num' => 8,
    'daemonize' => 0,
    'task_worker_num' => 4, // processes that do tasks
]);

// ps shows what each process is for.
$server->on('start', fn () => swoole_set_process_name('task server: master'));
$server->on('managerStart', fn () => swoole_set_process_name('task server: manager'));
$server->on('workerStart', function ($server, $workerId) {
    swoole_set_process_name('task server: ' . ($server->taskworker ? 'task worker' : 'event worker') . " $workerId");
});

$server->on('connect', function ($server, $fd) {
    echo "Client: Connect.\n";
});
$server->on('receive', function ($server, $fd, $fromId, $data) {
    $server->send($fd, 'Swoole TCP Server: ' . $data);
    $taskId = $server->task(rtrim($data));
    echo "Dispatch AsyncTask: id = $taskId\n";
    $server->close($fd);
});

// In a task worker. finish() is for the worker that asked; a task need not have an answer.
$server->on('task', function ($server, $taskId, $fromId, $data) {
    echo "New AsyncTask[id=$taskId]\n";
    $server->finish("$data -> OK");
});
// In that worker again.
$server->on('finish', function ($server, $taskId, $data) {
    echo "AsyncTask[$taskId] Finish: $data\n";
});

$server->on('close', function ($server, $fd) {
    echo "Client: Close.\n";
});

$server->start();
