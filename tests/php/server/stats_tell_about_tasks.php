<?php
// stats() tells how many tasks there were, wait and are under way, wherever they wait; the metrics show the same of each process.
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([1, 2, 3] as $mode) {
    $go = tmp("go$mode");
    $srv = serve(function (Swoole\Server $server) use ($mode, $go) {
        $server->set(['worker_num' => 1, 'task_worker_num' => 1, 'task_ipc_mode' => $mode, 'message_queue_key' => 0, 'metrics_port' => 0]);
        $server->on('task', function ($server, $id) use ($go) {
            note('begun', $id);
            holdFor($go);
            return 'done';
        });
        $server->on('finish', fn ($server, $id) => note('finished', $id));
        $server->on('receive', function ($server, $fd, $reactor, $data) {
            if ($data === "task\n") {
                $server->task('x');
            }
            $server->send($fd, json_encode($server->stats()) . "\n");
        });
    });
    $client = $srv->connect();
    for ($i = 0; $i < 5; $i++) {
        $client->askLine('task');
    }
    $srv->await('begun');
    $stats = json_decode($client->askLine('stats'), true);
    same([1, 0], [$stats['task_worker_num'], $stats['task_idle_worker_num']], 'task workers');
    same([5, 5, 4], [$stats['task_count'], $stats['tasking_num'], $stats['task_queue_num']], "tasks, mode $mode");
    ok($stats['task_queue_bytes'] > 4, 'bytes of what waits');
    same(['event', 'task'], array_column($stats['workers'], 'type'));
    same([5, 0], array_column($stats['workers'], 'tasking'), 'tasks of each worker');
    ok($stats['workers'][1]['busy_for'] > 0.0, 'the task worker has been at it for a while');
    $figures = $srv->figures();
    same([5.0, 5.0], [$figures['swoole_tasks_pending'], $figures['swoole_worker_tasks_pending{worker="0",type="event"}']], 'metrics');
    same(1.0, $figures['swoole_worker_busy{worker="1",type="task"}'], 'the task worker is busy');
    touch($go);
    $srv->await('finished', 5);
    $stats = eventually(function () use ($client) {
        $stats = json_decode($client->askLine('stats'), true);
        return $stats['tasking_num'] === 0 && $stats['task_idle_worker_num'] === 1 ? $stats : false;
    }, 'no task is under way');
    same([5, 0, 0, 0], [$stats['task_count'], $stats['task_queue_num'], $stats['task_queue_bytes'], $stats['task_lost_count']]);
    $srv->stop();
}
