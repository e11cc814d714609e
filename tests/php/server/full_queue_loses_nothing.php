<?php
// A worker that fills the queue again and again, and tries again later, has every task done exactly once.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['all' => function ($server, $count) {
        $refused = 0;
        for ($n = 0; $n < $count;) {
            if (@$server->task([$n, str_repeat('x', 300)]) === false) {
                $refused++;
                usleep(500); // time: somebody must make room
                continue;
            }
            $n++;
        }
        return $refused;
    }]);
    $server->set(['task_worker_num' => 2, 'task_queue_size' => 65536]);
    $server->on('task', fn ($server, $id, $source, $data) => $data[0]);
    $sum = $got = 0;
    $server->on('finish', function ($server, $id, $data) use (&$sum, &$got) {
        $sum += $data;
        if (++$got === 20_000) {
            note('all', $sum);
        }
    });
});
$srv->allow('/queue|full/i');
ok($srv->call('all', 20_000) > 0, 'the queue was full now and then');
same([20_000 * 19_999 / 2], $srv->await('all'));
$srv->stop();
