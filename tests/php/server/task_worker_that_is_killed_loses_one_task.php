<?php
// kill -9 in the middle of a task: the worker is replaced, what was queued is done by the next, and the one in hand is counted as lost.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'task' => fn ($server, $data, ...$to) => $server->task($data, ...$to),
        'stats' => fn ($server) => $server->stats(),
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('workerError', fn ($server, ...$arguments) => note('error', ...$arguments));
    $server->on('task', function ($server, $id, $source, $data) {
        note('task', $data);
        if ($data === 'hold') {
            holdFor('/never');
        }
        return $data;
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $data));
});
$srv->allow('/worker|task/i');
$finished = $begun = 0;
foreach ([[], [0]] as $to) {
    $lost = $srv->call('stats')['task_lost_count'];
    $srv->call('task', 'hold', ...$to);
    $srv->await('task', ++$begun);
    for ($n = 0; $n < 20; $n++) {
        $srv->call('task', $n, ...$to);
    }
    same(21, $srv->call('stats')['tasking_num']);
    $pid = $srv->worker(1);
    posix_kill($pid, SIGKILL);
    $srv->await('finish', $finished += 20);
    same([1, $pid, 0, SIGKILL], $srv->last('error'));
    same(range(0, 19), array_column(array_slice($srv->notes('task'), -20), 0));
    same($begun += 20, count($srv->notes('task')), 'tasks begun: the one in hand only once');
    ok($srv->worker(1) !== $pid, 'another process did them');
    $stats = $srv->call('stats');
    same([0, $lost + 1], [$stats['tasking_num'], $stats['task_lost_count']]);
}
$srv->expect('/task.*lost|lost.*task/i');
$srv->stop();
