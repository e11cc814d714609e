<?php
// A user process gives tasks and waits for them as a worker does; with a finish callback it stays until it is answered.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('task', fn ($server, $id, $source, $data) => "$data for $source");
    $server->addProcess(new Swoole\Process(function () use ($server) {
        note('wait', $server->taskwait('waited', PATIENCE));
        $server->task('called', -1, fn ($server, $id, $data) => note('call', $data) ?? $server->tick(1000, fn () => null));
    }));
});
same(['waited for 2'], $srv->await('wait'));
same(['called for 2'], $srv->await('call'));
same(1, count($srv->notes('wait')), 'runs');
$srv->allow('/tick|process/i');
$srv->stop();
