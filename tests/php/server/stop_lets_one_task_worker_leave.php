<?php
// stop() with a task worker's number lets that one leave and be replaced; stop() in onTask itself too. No task is lost.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'stop' => fn ($server, $id) => $server->stop($id),
        'wait' => fn ($server, $data) => $server->taskwait($data, PATIENCE),
    ]);
    $server->set(['task_worker_num' => 2]);
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
    $server->on('workerError', fn ($server, $id) => note('error', $id));
    $server->on('task', fn ($server, $id, $source, $data) => $data === 'stop' ? [$server->stop(), $server->worker_id] : $data);
});
$old = pids($srv, 3);
same(true, $srv->call('stop', 2));
eventually(fn () => $srv->worker(2) !== $old[2], 'task worker 2 is replaced');
same(array_slice($old, 0, 2), array_slice(pids($srv, 3), 0, 2), 'the others');
$now = pids($srv, 3);
[$stopped, $id] = $srv->call('wait', 'stop');
same(true, $stopped);
eventually(fn () => $srv->worker($id) !== $now[$id], 'the one that stopped itself is replaced');
foreach (range(1, 20) as $n) {
    same($n, $srv->call('wait', $n));
}
same([[2], [$id]], $srv->notes('stop'));
same([], $srv->notes('error'));
$srv->allow('/worker/i');
$srv->stop();
