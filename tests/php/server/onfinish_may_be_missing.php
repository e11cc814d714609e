<?php
// Without onFinish answers to task() have nobody who wants them, and everything else works.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'task' => fn ($server) => $server->task('x'),
        'wait' => fn ($server) => $server->taskwait('x', PATIENCE),
        'tasking' => fn ($server) => $server->stats()['tasking_num'],
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => 'done');
});
for ($n = 0; $n < 100; $n++) {
    same($n, $srv->call('task'));
}
same('done', $srv->call('wait'));
same(0, $srv->call('tasking'));
$srv->stop();
