<?php
// A timeout of 0 gives up at once unless the answer is there, a huge one waits; one that makes no sense is refused, and no worker dies of it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $timed = function (callable $action) {
        $begin = microtime(true);
        return [warnings($action)[0], microtime(true) - $begin];
    };
    offers($server, [
        'wait' => fn ($server, $data, $timeout) => $timed(fn () => $server->taskwait($data, $timeout)),
        'multi' => fn ($server, $data, $timeout) => $timed(fn () => $server->taskWaitMulti([$data], $timeout)),
        'type' => fn ($server) => throws(TypeError::class, fn () => $server->taskwait('x', 'soon')) instanceof TypeError,
    ]);
    $server->set(['task_worker_num' => 2]);
    $server->on('workerError', fn () => note('error'));
    $server->on('task', function ($server, $id, $source, $data) {
        $data === 'slow' && holdFor(tmp('go'));
        return 'done';
    });
});
foreach ([1e9, 1e19, INF, 1e300] as $timeout) {
    same('done', $srv->call('wait', 'x', $timeout)[0], "with a timeout of $timeout");
    same(['done'], $srv->call('multi', 'x', $timeout)[0], "with a timeout of $timeout");
}
foreach ([0, 1e-9] as $timeout) {
    [$result, $time] = $srv->call('wait', 'slow', $timeout);
    same(false, $result);
    between(0, 0.4, $time, "seconds with a timeout of $timeout");
}
touch(tmp('go'));
foreach ([-1, -INF, NAN] as $timeout) {
    same(false, $srv->call('wait', 'x', $timeout)[0], "with a timeout of $timeout");
    same(false, $srv->call('multi', 'x', $timeout)[0], "with a timeout of $timeout");
}
same(true, $srv->call('type'));
same('done', $srv->call('wait', 'x', PATIENCE)[0]);
same([], $srv->notes('error'));
$srv->stop();
