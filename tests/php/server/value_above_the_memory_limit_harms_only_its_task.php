<?php
// A task whose value does not fit into memory_limit ends its task worker by PHP's fatal error; the next task is done.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['give' => fn ($server) => [$server->task(range(1, 2000000)), $server->task('small')]]);
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('workerStart', fn ($server, $id) => $id === 1 && ini_set('memory_limit', '16M'));
    $server->on('task', fn ($server, $id, $source, $data) => note('task', is_string($data) ? $data : 'an array'));
});
$srv->allow('/Allowed memory size|memory limit|task worker|task 0/');
same([0, 1], $srv->call('give'));
same(['small'], $srv->await('task'));
$srv->expect('/(Allowed memory size of|Hard memory limit of) \d+ bytes exhausted/');
$srv->expect('/task 0 of worker 0 is lost/');
$srv->stop();
