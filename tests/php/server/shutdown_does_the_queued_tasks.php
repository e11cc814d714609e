<?php
// SIGTERM: tasks that wait are done before the task workers leave.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['many' => function ($server) {
        foreach (range(1, 100) as $n) {
            $server->task($n);
            $server->task($n + 100, $n % 2);
        }
    }]);
    $server->set(['task_worker_num' => 2, 'max_wait_time' => 10]);
    $server->on('task', function ($server, $id, $source, $data) {
        note('begun');
        holdFor(tmp('go'));
        note('done', $data);
    });
    $server->on('beforeShutdown', fn () => note('shutdown'));
});
$srv->call('many');
$srv->await('begun', 2);
$srv->signal(SIGTERM);
$srv->await('shutdown');
touch(tmp('go'));
$srv->ended();
$done = array_column($srv->notes('done'), 0);
sort($done);
same(range(1, 200), $done);
