<?php
// A task worker leaves after so many tasks, and a few more by chance, is replaced without an error, and no task is lost.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['tasks' => function ($server) {
        for ($n = 0; $n < 500; $n++) {
            $server->task($n);
        }
    }]);
    $server->set(['task_worker_num' => 2, 'task_max_request' => 40, 'task_max_request_grace' => 0]);
    $server->on('workerError', fn () => note('error'));
    $server->on('task', function ($server, $id, $source, $data) {
        note('task', $data);
        return $data;
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $data));
});
$worker = $srv->worker(0);
$srv->call('tasks');
$srv->await('finish', 500);
foreach (['task', 'finish'] as $event) {
    $seen = array_column($srv->notes($event), 0);
    sort($seen);
    same(range(0, 499), $seen, $event);
}
$by = array_count_values(array_column($srv->notesWithPids('task'), 0));
same(40, max($by), 'tasks of one task worker');
between(12, 14, count($by), 'task workers that took part');
same([], $srv->notes('error'));
same($worker, $srv->worker(0), 'the worker stays');
$srv->stop();
