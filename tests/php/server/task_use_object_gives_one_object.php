<?php
// task_use_object, under either of its names: onTask gets (server, Swoole\Server\Task), whose finish() answers.
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['task_use_object', 'task_object'] as $name) {
    $srv = serve(function (Swoole\Server $server) use ($name) {
        offers($server, [
            'task' => fn ($server, $data) => $server->task($data, -1, fn ($server, $id, $data) => note('called', $id, $data)),
            'wait' => fn ($server, $data) => $server->taskwait($data, PATIENCE),
        ]);
        $server->set(['task_worker_num' => 1, $name => true]);
        $server->on('task', function ($server, ...$arguments) {
            [$task] = $arguments;
            note('task', count($arguments), $task::class, $task->id, $task->worker_id, $task->data, abs(microtime(true) - $task->dispatch_time) < 10, $task->flags);
            note('finish', $task->finish(['done', $task->data]));
            return 'returned';
        });
        $server->on('finish', fn ($server, ...$arguments) => note('event', ...$arguments));
    });
    same(0, $srv->call('task', ['x']));
    $seen = $srv->await('task');
    ok(is_int(array_pop($seen)), 'flags are a number');
    same([1, 'Swoole\Server\Task', 0, 0, ['x'], true], $seen);
    same([true], $srv->await('finish'));
    $srv->await('called', 2);
    same([[0, ['done', ['x']]], [0, 'returned']], $srv->notes('called'));
    same(['done', 'text'], $srv->call('wait', 'text'));
    same('text', $srv->await('task', 2)[4]);
    $srv->stop();
}
