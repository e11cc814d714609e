<?php
// stats()['tasking_num'] is the number of tasks given and not done, and 0 again when workers or task workers that had some are killed.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'task' => fn ($server, ...$arguments) => $server->task(...$arguments),
        'tasking' => fn ($server) => $server->stats()['tasking_num'],
        'pid' => fn () => getmypid(),
        'nums' => fn ($server) => [$server->stats()['task_worker_num'], $server->stats()['task_idle_worker_num']],
    ]);
    $server->set(['task_worker_num' => 2]);
    $server->on('task', function ($server, $id, $source, $data) {
        note('begun');
        holdFor(tmp($data));
        return 'done';
    });
    $server->on('finish', fn () => note('finish'));
});
$srv->allow('/worker|task/i');
$tasking = fn (int $wanted, string $when) => eventually(fn () => $srv->call('tasking') === $wanted, "tasking_num is $wanted $when");
same(0, $srv->call('tasking'));
eventually(fn () => $srv->call('nums') === [2, 2], 'both task workers are idle');
foreach (range(1, 5) as $n) {
    $srv->call('task', 'go');
}
$srv->await('begun', 2);
same([2, 0], $srv->call('nums'));
same(5, $srv->call('tasking'));
touch(tmp('go'));
$srv->await('finish', 5);
$tasking(0, 'when all are done');
$srv->call('task', '/never', 0);
$srv->await('begun', 6);
same(1, $srv->call('tasking'));
posix_kill($srv->worker(1), SIGKILL);
$tasking(0, 'when the task worker was killed');
$pid = $srv->worker(0);
$srv->call('task', 'later');
$srv->await('begun', 7);
posix_kill($pid, SIGKILL);
eventually(fn () => $srv->worker(0) !== $pid, 'the worker that asked is replaced');
touch(tmp('later'));
$tasking(0, 'when the worker that asked was killed');
$srv->stop();
