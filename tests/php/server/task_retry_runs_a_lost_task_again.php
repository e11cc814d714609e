<?php
// task_retry: a task whose worker died with it is begun again, so many times; then it is lost, and taskwait() is told.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server, $data) => $server->taskwait($data, 60.0),
        'task' => fn ($server, $data) => $server->task($data),
        'stats' => fn ($server) => $server->stats(),
    ]);
    mkdir(tmp('files'));
    $server->set(['task_worker_num' => 1, 'task_retry' => 2, 'task_tmpdir' => tmp('files')]);
    $server->on('task', function ($server, $id, $source, $data) {
        [$deaths] = $data;
        note('begun', $id);
        $before = count(glob(tmp("death-$id-*")));
        if ($before < $deaths) {
            touch(tmp("death-$id-$before"));
            posix_kill(getmypid(), SIGKILL);
            holdFor('/never');
        }
        return ['done', $before, strlen($data[1] ?? '')];
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $id, ...$data));
});
$srv->allow('/worker|task/i');
same(['done', 1, 0], $srv->call('wait', [1]));
same(['done', 2, 0], $srv->call('wait', [2]));
same(false, $srv->call('wait', [3]), 'the third death is one too many');
same([[0], [0], [1], [1], [1], [2], [2], [2]], $srv->notes('begun'));
same(1, $srv->call('stats')['task_lost_count']);
same(['done', 1, 500_000], $srv->call('wait', [1, str_repeat('x', 500_000)]), 'one that came in a file');
same(4, $srv->call('task', [1]));
same([4, 'done', 1, 0], $srv->await('finish'));
awaitNoTaskFiles(tmp('files'));
$srv->stop();
