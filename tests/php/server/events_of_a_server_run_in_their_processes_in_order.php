<?php
// start, managerStart, workerStart, beforeShutdown, workerStop, managerStop, shutdown: each once, where the manual says, in order.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    foreach (['start', 'beforeShutdown', 'shutdown', 'managerStart', 'managerStop'] as $event) {
        $server->on($event, fn ($server, ...$more) => note('event', $event, count($more)));
    }
    foreach (['workerStart', 'workerStop'] as $event) {
        $server->on($event, function ($server, $id) use ($event) {
            same($server->worker_id, $id);
            same(getmypid(), $server->worker_pid);
            note('event', $event . $id, 0);
        });
    }
    echoes($server);
});
same('x', $srv->connect()->ask('x'));
$srv->stop();
$pid = $at = [];
foreach ($srv->notesWithPids('event') as $i => [$process, [$event, $more]]) {
    ok(!isset($at[$event]), "$event runs once");
    same(0, $more, "further arguments of $event");
    [$pid[$event], $at[$event]] = [$process, $i];
}
$order = ['managerStart', 'workerStart0', 'workerStart1', 'beforeShutdown', 'workerStop0', 'workerStop1', 'managerStop', 'shutdown'];
foreach ($order as $event) {
    ok(isset($at[$event]), "$event ran");
}
same(!base(), isset($at['start']), 'onStart runs in PROCESS mode');
ok(max($at['workerStart0'], $at['workerStart1']) < $at['beforeShutdown'], 'beforeShutdown comes after the start');
ok($at['beforeShutdown'] < min($at['workerStop0'], $at['workerStop1']), 'beforeShutdown comes before the workers stop');
ok(max($at['workerStop0'], $at['workerStop1']) < $at['managerStop'], 'managerStop comes after the workers');
ok($at['managerStop'] < $at['shutdown'], 'shutdown comes last');
same($srv->pid, $pid['shutdown'], 'process of shutdown');
same($srv->pid, $pid['beforeShutdown'], 'process of beforeShutdown');
same($pid['managerStart'], $pid['managerStop'], 'process of the manager');
same(base(), $pid['managerStart'] === $srv->pid, 'the manager is the master in BASE mode only');
same($pid['workerStart0'], $pid['workerStop0'], 'process of worker 0');
ok(!in_array($pid['workerStart0'], [$pid['workerStart1'], $pid['managerStart'], $srv->pid]), 'a worker is a process of its own');
