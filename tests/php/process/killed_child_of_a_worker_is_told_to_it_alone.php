<?php
// The crash of a worker's child is for the worker's wait() only: the server forks no worker for it and reports none.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('workerError', fn () => note('error'));
    $crash = function () {
        (new Swoole\Process(fn () => posix_kill(getmypid(), SIGSEGV)))->start();
        return Swoole\Process::wait()['signal'];
    };
    $server->on('task', $crash);
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($crash) {
        $server->send($fd, $crash() . ' ' . $server->taskwait('x', PATIENCE) . "\n");
    });
});
$before = [$srv->worker(0), $srv->worker(1)];
same(SIGSEGV . ' ' . SIGSEGV . "\n", $srv->connect()->write('x')->readTo());
same($before, [$srv->worker(0), $srv->worker(1)]);
same([], $srv->notes('error'));
$srv->stop();
