<?php
// A user process whose function never ends takes no answers. Task workers drop what is too much, count it, and do the tasks of others.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server) => $server->taskwait('one', PATIENCE),
        'dropped' => fn ($server) => $server->stats()['mail_dropped_count'],
    ]);
    $server->set(['task_worker_num' => 1, 'task_tmpdir' => tmp('')]);
    $server->on('task', fn ($server, $id, $source, $data) => $data === 'one' ? 'answer' : str_repeat('x', 30000));
    $server->on('finish', fn () => 0);
    $server->addProcess(new Swoole\Process(function () use ($server) {
        for ($n = 0; $n < 1000; $n++) {
            while (@$server->task('of the process') === false) {
                usleep(500); // time: the task worker has to get on
            }
        }
        note('given');
        holdFor('/never');
    }));
});
$srv->await('given');
$srv->allow('/answers/');
same('answer', $srv->call('wait'));
ok($srv->call('dropped') > 0, 'what was dropped is counted');
$srv->stop();
