<?php
// A worker that is refused now and then, and tries again later from a timer, has every task done exactly once.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $given = $refused = 0;
    $give = function () use ($server, &$give, &$given, &$refused) {
        for (; $given < 20_000; $given++) {
            if (@$server->task([$given, str_repeat('x', 300)]) === false) {
                $refused++;
                return $server->after(1, $give);
            }
        }
        note('refused', $refused);
    };
    offers($server, ['all' => fn () => $give() && false]);
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
$srv->call('all');
ok($srv->await('refused')[0] > 0, 'the queue was full now and then');
same([20_000 * 19_999 / 2], $srv->await('all'));
$srv->stop();
