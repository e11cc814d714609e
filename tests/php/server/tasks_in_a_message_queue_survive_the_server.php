<?php
// task_ipc_mode 2 and 3: tasks that wait when the whole server ends are done by the next one with the same key.
// php: -d extension=sysvmsg
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([2 => 'kill', 3 => 'stop'] as $mode => $end) {
    $key = random_int(1, 0x7fffffff);
    mkdir(tmp("files$mode"));
    $start = fn (bool $hold) => serve(function (Swoole\Server $server) use ($mode, $key, $hold) {
        offers($server, ['task' => fn ($server, $data) => $server->task($data)]);
        $server->set([
            'task_worker_num' => 1, 'task_ipc_mode' => $mode, 'message_queue_key' => $key, 'task_tmpdir' => tmp("files$mode"), 'max_wait_time' => 1,
        ]);
        $server->on('task', function ($server, $id, $source, $data) use ($hold) {
            note('task', is_string($data) ? strlen($data) : $data);
            holdFor($hold ? '/never' : '/');
            return 'done';
        });
        $server->on('finish', fn () => note('finish'));
    });
    try {
        $first = $start(true);
        $first->call('task', 'the one in hand');
        $first->await('task');
        foreach (['a', ['b' => 2], str_repeat('x', 100_000)] as $waiting) {
            ok(is_int($first->call('task', $waiting)), 'it is given');
        }
        if ($end === 'kill') {
            $first->kill();
        } else {
            $first->allow('/worker|max_wait_time|killed|task/i');
            $first->signal(SIGTERM);
            same(0, $first->wait());
        }
        same(1, count($first->notes('task')));
        ok(msg_queue_exists($key), 'the message queue is still there');

        $second = $start(false);
        $second->await('task', 3);
        same([[1], [['b' => 2]], [100_000]], $second->notes('task'));
        awaitNoTaskFiles(tmp("files$mode"));
        ok(is_int($second->call('task', 'of its own')), 'it takes tasks of its own');
        $second->await('finish', 4);
        $second->stop();
        same(4, count($second->notes('task')));
    } finally {
        msg_queue_exists($key) && msg_remove_queue(msg_get_queue($key));
    }
}
