<?php
// What onTask throws is reported as an uncaught exception; the task worker goes on, and taskwait() is told at once.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['wait' => fn ($server, $data) => $server->taskwait($data, 60.0)]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn ($server, $id, $source, $data) => $data === 'throw' ? throw new RuntimeException('thrown in a task') : $data);
});
$pid = $srv->worker(1);
same(false, $srv->call('wait', 'throw'));
$srv->expect('/Uncaught RuntimeException: thrown in a task/');
same('x', $srv->call('wait', 'x'));
same($pid, $srv->worker(1), 'the task worker lives on');
$srv->stop();
