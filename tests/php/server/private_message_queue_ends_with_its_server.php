<?php
// message_queue_key 0: the queue of task_ipc_mode 2 is the server's own, and is gone when it has ended.
// alone: counts the message queues of the system
require __DIR__ . '/../../support/php/bootstrap.php';

$queues = fn () => count(file('/proc/sysvipc/msg'));
$before = $queues();
$srv = serve(function (Swoole\Server $server) {
    offers($server, ['wait' => fn ($server) => $server->taskwait('x', PATIENCE)]);
    $server->set(['task_worker_num' => 1, 'task_ipc_mode' => 2, 'message_queue_key' => 0]);
    $server->on('task', fn () => 'done');
});
same('done', $srv->call('wait'));
same($before + 1, $queues(), 'queues while it runs');
$srv->stop();
same($before, $queues(), 'queues afterwards');
