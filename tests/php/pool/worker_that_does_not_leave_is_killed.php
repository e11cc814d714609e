<?php
// A worker that is still busy max_wait_time after it was told to leave is killed, and the log says so.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'workerStart' => function ($pool, $id) {
        while (true) {
            usleep(1000); // time: the work of a worker
        }
    },
], 1, more: fn ($pool) => $pool->set(['max_wait_time' => 1]));
$begin = microtime(true);
$srv->allow('/worker/i');
$srv->stop();
between(0.8, 8, microtime(true) - $begin, 'seconds');
matches('/kill/i', $srv->output());
