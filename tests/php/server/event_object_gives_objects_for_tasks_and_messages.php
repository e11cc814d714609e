<?php
// event_object: onFinish gets a TaskResult, onPipeMessage a PipeMessage, onTask a Task.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1, 'task_worker_num' => 1, 'event_object' => true]);
    $recent = fn ($time) => is_float($time) && abs(microtime(true) - $time) < 10;
    $server->on('receive', fn ($server) => note('given', $server->task(['x'])));
    $server->on('task', function ($server, ...$arguments) use ($recent) {
        [$task] = $arguments;
        note('task', count($arguments), $task::class, $task->id, $task->worker_id, $task->data, $recent($task->dispatch_time));
        $server->sendMessage(['hello'], 0);
        return 'done';
    });
    $server->on('finish', function ($server, ...$arguments) use ($recent) {
        [$result] = $arguments;
        note('finish', count($arguments), $result::class, $result->task_id, $result->task_worker_id, $result->data, $recent($result->dispatch_time));
    });
    $server->on('pipeMessage', function ($server, ...$arguments) use ($recent) {
        [$message] = $arguments;
        note('message', count($arguments), $message::class, $message->source_worker_id, $message->worker_id, $message->data, $recent($message->dispatch_time));
    });
});
$srv->connect()->write('x');
same([0], $srv->await('given'));
same([1, 'Swoole\Server\Task', 0, 0, ['x'], true], $srv->await('task'));
same([1, 'Swoole\Server\TaskResult', 0, 1, 'done', true], $srv->await('finish'));
same([1, 'Swoole\Server\PipeMessage', 1, 1, ['hello'], true], $srv->await('message'));
$srv->stop();
