<?php
// A task that ends without an answer does not keep taskwait() waiting for its timeout.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server) => $server->taskwait('x', 60.0),
        'multi' => fn ($server) => $server->taskWaitMulti(['x', 'y'], 60.0),
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn ($server, $id, $source, $data) => $data === 'x' ? null : $data);
});
same(false, $srv->call('wait'));
same('y', $srv->call('multi')[1]);
$srv->stop();
