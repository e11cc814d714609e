<?php
// More than 1024 tasks: false with a warning that names the bound, and none of them is begun.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'multi' => fn ($server) => refused($server, fn () => $server->taskWaitMulti(range(0, 1024), PATIENCE)),
        'wait' => fn ($server) => $server->taskwait('x', PATIENCE),
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn ($server, $id) => $id);
});
[$result, $message, $error] = $srv->call('multi');
same(false, $result);
contains('1024', $message);
ok($error > 0, 'getLastError() is set');
same(0, $srv->call('wait'), 'number of the next task');
$srv->stop();
