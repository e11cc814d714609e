<?php
// An answer to a task whose worker was replaced meanwhile goes to onFinish of the next worker of that number.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['task' => fn ($server) => $server->task('x')]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', function () {
        note('begun');
        holdFor(tmp('go'));
        return 'done';
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', getmypid(), $id, $data));
});
$srv->allow('/worker/i');
$srv->call('task');
$srv->await('begun');
$pid = $srv->worker(0);
posix_kill($pid, SIGKILL);
eventually(fn () => $srv->worker(0) !== $pid, 'the worker is replaced');
touch(tmp('go'));
same([$srv->worker(0), 0, 'done'], $srv->await('finish'));
$srv->stop();
