<?php
// task_ipc_mode 2 and 3: what Swoole\Server\Task::pack() makes of a value, put into the queue by another program, is done as a task.
// php: -d extension=sysvmsg
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([2, 3] as $mode) {
    $key = random_int(1, 0x7fffffff);
    $srv = serve(function (Swoole\Server $server) use ($mode, $key) {
        echoes($server);
        $server->set(['task_worker_num' => 1, 'task_ipc_mode' => $mode, 'message_queue_key' => $key]);
        $server->on('task', function ($server, $id, $source, $data) {
            note('task', $source, is_string($data) ? strlen($data) : $data);
            return 'an answer that nobody waits for';
        });
        $server->on('finish', fn () => note('finish'));
    });
    try {
        $queue = msg_get_queue($key);
        foreach (['text', ['an' => ['array']], null, str_repeat('x', 4000)] as $n => $value) {
            ok(msg_send($queue, 1, Swoole\Server\Task::pack($value), false, true, $error), "the queue takes it: $error");
            same([-1, is_string($value) ? strlen($value) : $value], $srv->await('task', $n + 1));
        }
        ok(msg_send($queue, 1, 'no task at all', false, true), 'garbage is put in');
        ok(msg_send($queue, 1, '', false, true), 'nothing is put in');
        ok(msg_send($queue, 1, Swoole\Server\Task::pack('the next'), false, true), 'and one more');
        same([-1, 8], $srv->await('task', 5), 'the one behind the garbage');
        same([], $srv->notes('finish'));
        $srv->allow('/task|message|queue/i');
        $srv->stop();
    } finally {
        msg_queue_exists($key) && msg_remove_queue(msg_get_queue($key));
    }
}
