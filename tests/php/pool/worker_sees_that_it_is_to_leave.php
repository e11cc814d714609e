<?php
// A worker that works in a loop of its own sees by `workerRunning` and `running` that it is to leave.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'workerStart' => function ($pool, $id) {
        while ($id === 0 ? $pool->workerRunning : $pool->running) {
            usleep(1000); // time: the work of a worker
        }
        note('saw it', $id);
    },
    'workerStop' => fn ($pool, $id) => note('stop', $id),
], 2);
$srv->stop();
same([2, 2], [count($srv->notes('saw it')), count($srv->notes('stop'))]);
