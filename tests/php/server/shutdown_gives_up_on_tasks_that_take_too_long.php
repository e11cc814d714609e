<?php
// A task worker that is still busy max_wait_time after it was told is killed; the log tells of it and of the tasks that are left.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['many' => fn ($server) => array_map(fn ($n) => $server->task($n), range(1, 10))]);
    $server->set(['task_worker_num' => 1, 'max_wait_time' => 1]);
    $server->on('task', function () {
        note('begun');
        holdFor('/never');
    });
});
$srv->allow('/task|worker/i');
$srv->call('many');
$srv->await('begun');
$begin = microtime(true);
$srv->signal(SIGTERM);
$srv->ended();
between(0.9, 8, microtime(true) - $begin, 'seconds until the end');
matches('/max_wait_time/', $srv->output());
matches('/\b9 tasks?\b.*lost|lost.*\b9 tasks?\b/', $srv->output());
same(1, count($srv->notes('begun')));
