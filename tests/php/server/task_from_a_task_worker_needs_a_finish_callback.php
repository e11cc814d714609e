<?php
// task() in onTask: without a finish callback false with a warning that says so, with one the callback gets the answer there.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['wait' => fn ($server, $data) => $server->taskwait($data, PATIENCE)]);
    $server->set(['task_worker_num' => 2]);
    $server->on('task', function ($server, $id, $source, $data) {
        return match ($data) {
            'without' => refused($server, fn () => $server->task('inner')),
            'with' => $server->task('inner', -1, fn ($server, $id, $data) => note('called', $server->worker_id, $id, $data)) !== false ? $server->worker_id : 'refused',
            'wait' => $server->taskwait('inner', PATIENCE, 1 - ($server->worker_id - 1)),
            'inner' => "inner from $source",
        };
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $data));
});
[$result, $message, $error] = $srv->call('wait', 'without');
same(false, $result);
matches('/finish|callback/i', $message);
ok($error > 0, 'getLastError() is set');
$worker = $srv->call('wait', 'with');
ok(is_int($worker), "with a callback it is taken: $worker");
[$by, , $answer] = $srv->await('called');
same([$worker, "inner from $worker"], [$by, $answer]);
matches('/^inner from [12]$/', $srv->call('wait', 'wait'));
same([], $srv->notes('finish'));
$srv->stop();
