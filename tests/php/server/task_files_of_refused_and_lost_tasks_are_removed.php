<?php
// A long task whose task worker is killed, that nobody takes, or that is queued at a shutdown leaves no file behind.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'task' => fn ($server) => $server->task(str_repeat('x', 100_000)),
        'bad' => fn ($server) => [refused($server, fn () => $server->task(str_repeat('x', 100_000), 7)), refused($server, fn () => $server->sendMessage(str_repeat('x', 100_000), 7))],
        'late' => fn ($server) => $server->taskwait(['late', str_repeat('x', 100_000)], 0.05),
    ]);
    mkdir(tmp('files'));
    $server->set(['task_worker_num' => 1, 'task_tmpdir' => tmp('files'), 'max_wait_time' => 5]);
    $server->on('task', function ($server, $id, $source, $data) {
        note('task');
        if ($data[0] === 'late') {
            holdFor(tmp('late'));
            note('late done');
            return $data;
        }
        holdFor(tmp('go'));
    });
});
$srv->allow('/worker|task/i');
$srv->call('bad');
awaitNoTaskFiles(tmp('files'));
same(false, $srv->call('late'));
touch(tmp('late'));
$srv->await('late done');
awaitNoTaskFiles(tmp('files'));
$tasks = count($srv->notes('task'));
$srv->call('task');
$srv->await('task', $tasks + 1);
posix_kill($srv->worker(1), SIGKILL);
$srv->call('task');
$srv->await('task', $tasks + 2);
$srv->call('task');
between(1, 2, count(taskFiles(tmp('files'))), 'files of a task that waits and of one that is being done');
touch(tmp('go'));
$srv->await('task', $tasks + 3);
awaitNoTaskFiles(tmp('files'));
$srv->call('task');
$srv->stop();
awaitNoTaskFiles(tmp('files'));
