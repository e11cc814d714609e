<?php
// taskwait() and taskWaitMulti() for a task whose worker is killed are false long before their timeout.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server) => $server->taskwait('hold', 60.0),
        'multi' => fn ($server) => $server->taskWaitMulti(['hold', 'x'], 60.0),
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data === 'hold') {
            note('held');
            holdFor('/never');
        }
        return $data;
    });
});
$srv->allow('/worker|task/i');
$waiting = begin($srv, 'wait');
$srv->await('held');
posix_kill($srv->worker(1), SIGKILL);
same(false, resultOf($waiting));
$waiting = begin($srv, 'multi');
$srv->await('held', 2);
posix_kill($srv->worker(1), SIGKILL);
$results = resultOf($waiting);
same([false, 'x'], [$results[0] ?? false, $results[1]]);
$srv->stop();
