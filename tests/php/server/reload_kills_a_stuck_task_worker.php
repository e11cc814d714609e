<?php
// A task worker that is stuck in a task is killed max_wait_time after a reload began; its task is lost, the others are done.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['task' => fn ($server, $data) => $server->task($data)]);
    $server->set(['task_worker_num' => 1, 'max_wait_time' => 1]);
    $server->on('afterReload', fn () => note('after'));
    $server->on('task', function ($server, $id, $source, $data) {
        note('begun', $data);
        $data === 'stuck' && holdFor('/never');
        return $data;
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $data));
});
$srv->allow('/worker|task/i');
$srv->call('task', 'stuck');
$srv->await('begun');
$srv->call('task', 'waits');
$begin = microtime(true);
$srv->signal(SIGUSR2);
$srv->await('after');
between(0.9, 8, microtime(true) - $begin, 'seconds of the reload');
same(['waits'], $srv->await('finish'));
same([['stuck'], ['waits']], $srv->notes('begun'));
matches('/task.*lost/', $srv->output());
matches('/max_wait_time/', $srv->output());
$srv->stop();
