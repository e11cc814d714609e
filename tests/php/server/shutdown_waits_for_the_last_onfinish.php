<?php
// The server ends while tasks are under way: their answers still come to onFinish, the last one too.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['give' => fn ($server) => array_map(fn ($n) => $server->task($n), range(1, 3))]);
    $server->set(['task_worker_num' => 1, 'max_wait_time' => 10]);
    $server->on('task', function ($server, $id, $source, $data) {
        note('begun');
        holdFor(tmp('go'));
        return $data;
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $data));
});
$srv->call('give');
$srv->await('begun');
$srv->signal(SIGTERM);
touch(tmp('go'));
$srv->ended();
same([[1], [2], [3]], $srv->notes('finish'));
