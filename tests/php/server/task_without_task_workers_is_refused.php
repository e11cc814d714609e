<?php
// task(), taskwait() and taskWaitMulti() of a server without task workers: false, and a warning that names task_worker_num.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['calls' => fn ($server) => [
        refused($server, fn () => $server->task('x')),
        refused($server, fn () => $server->taskwait('x', PATIENCE)),
        refused($server, fn () => $server->taskWaitMulti(['x'], PATIENCE)),
    ]]);
});
foreach ($srv->call('calls') as [$result, $message, $error]) {
    same(false, $result);
    contains('task_worker_num', $message);
    ok($error > 0, 'getLastError() is set');
}
$srv->stop();
