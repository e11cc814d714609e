<?php
// A Task object kept behind onTask may be answered from a timer; other tasks are done meanwhile, and taskwait() waits for it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server, $data) => $server->taskwait($data, PATIENCE),
        'task' => fn ($server, $data) => $server->task($data),
    ]);
    $server->set(['task_worker_num' => 1, 'task_use_object' => true]);
    $server->on('task', function ($server, $task) {
        if ($task->data === 'quick') {
            $task->finish('quick done');
            return;
        }
        note('kept', $task->id);
        $server->tick(5, function ($timer) use ($server, $task) {
            if (file_exists(tmp('go'))) {
                $server->clearTimer($timer);
                note('finished', $task->finish("$task->data done"));
            }
        });
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $id, $data));
});
$waiting = begin($srv, 'wait', 'kept');
$srv->await('kept');
$waiting->silent(0.1);
touch(tmp('go'));
same('kept done', resultOf($waiting));
unlink(tmp('go'));
same(1, $srv->call('task', 'kept too'));
$srv->await('kept', 2);
same(2, $srv->call('task', 'quick'));
same([2, 'quick done'], $srv->await('finish'));
touch(tmp('go'));
same([1, 'kept too done'], $srv->await('finish', 2));
same([[true], [true]], $srv->notes('finished'));
$srv->stop();
