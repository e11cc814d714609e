<?php
// A master that is killed leaves no user process and no task worker behind.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $server->addProcess(new Swoole\Process(function () {
        note('run', getmypid());
        holdFor('/never');
    }));
});
[$pid] = $srv->await('run');
$task = $srv->worker(2);
$srv->kill();
eventually(fn () => !alive($pid), 'the user process ends');
eventually(fn () => !alive($task), 'the task worker ends');
