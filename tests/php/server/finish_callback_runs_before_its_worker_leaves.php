<?php
// A worker that is to leave waits for the tasks it gave with a finish callback, within max_wait_time.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['task' => fn ($server) => $server->task('x', -1, fn ($server, $id, $data) => note('called', getmypid(), $data))]);
    $server->set(['task_worker_num' => 1, 'max_wait_time' => 20]);
    $server->on('workerExit', fn ($server, $id) => note('exit', $id));
    $server->on('task', function () {
        note('begun');
        holdFor(tmp('go'));
        return 'done';
    });
});
$pid = $srv->worker(0);
$srv->call('task');
$srv->await('begun');
posix_kill($pid, SIGTERM);
$srv->await('exit');
ok(alive($pid), 'it waits');
touch(tmp('go'));
same([$pid, 'done'], $srv->await('called'));
eventually(fn () => !alive($pid), 'then it leaves');
$srv->allow('/worker/i');
$srv->stop();
