<?php
// Signals that the script handles interrupt neither taskwait() nor a task worker that waits.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['wait' => fn ($server, $data) => $server->taskwait($data, PATIENCE)]);
    $server->set(['task_worker_num' => 1]);
    $server->on('workerStart', function () {
        pcntl_async_signals(true);
        pcntl_signal(SIGALRM, fn () => note('signal'));
    });
    $server->on('task', function ($server, $id, $source, $data) {
        $data === 'slow' && holdFor(tmp('go'));
        return "$data done";
    });
});
$waiting = begin($srv, 'wait', 'slow');
foreach (range(1, 20) as $n) {
    posix_kill($srv->worker(0), SIGALRM);
    posix_kill($srv->worker(1), SIGALRM);
    usleep(2000); // time: signals at different moments
}
touch(tmp('go'));
same('slow done', resultOf($waiting));
foreach (range(1, 20) as $n) {
    posix_kill($srv->worker(1), SIGALRM);
    usleep(1000); // time: signals while it waits for a task
}
same('x done', $srv->call('wait', 'x'));
ok(count($srv->notes('signal')) > 0, 'signals are handled');
$srv->stop();
