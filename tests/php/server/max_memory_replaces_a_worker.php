<?php
// A worker or task worker above max_memory leaves between two messages and is replaced; nothing is lost, and it is no error.
// php: -d memory_limit=1G
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $take = fn ($bytes) => $GLOBALS['kept'][] = str_repeat('x', $bytes);
    offers($server, [
        'take' => fn ($server, $bytes) => [strlen($take($bytes)), getmypid()],
        'task' => fn ($server, $bytes) => $server->taskwait($bytes, PATIENCE),
    ]);
    $server->set(['task_worker_num' => 1, 'max_memory' => 100 << 20]);
    $server->on('task', fn ($server, $id, $source, $bytes) => [strlen($take($bytes)), getmypid()]);
    $server->on('workerError', fn () => note('error'));
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
});
foreach (['take', 'task'] as $id => $action) {
    $pid = $srv->worker($id);
    same([10 << 20, $pid], $srv->call($action, 10 << 20));
    same([10 << 20, $pid], $srv->call($action, 10 << 20), 'with 20 MiB it stays');
    same([200 << 20, $pid], $srv->call($action, 200 << 20));
    eventually(fn () => $srv->worker($id) !== $pid, 'it is replaced');
    same([1, $srv->worker($id)], $srv->call($action, 1));
}
same([[0], [1]], $srv->notes('stop'));
same([], $srv->notes('error'));
matches('/max_memory/', $srv->output());
$srv->allow('/worker/i');
$srv->stop();
