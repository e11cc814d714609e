<?php
// pcntl_signal() in a worker that sleeps in its loop: its handler is called at once, in both styles of dispatch.
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([false, true] as $async) {
    $srv = serve(function (Swoole\Server $server) use ($async) {
        $server->set(['worker_num' => 1]);
        $server->on('receive', fn () => null);
        $server->on('workerStart', function () use ($async) {
            pcntl_async_signals($async);
            pcntl_signal(SIGWINCH, fn ($signo) => note('signal', $signo));
        });
    });
    $worker = $srv->worker();
    awaitAsleep($worker);
    posix_kill($worker, SIGWINCH);
    same([SIGWINCH], $srv->await('signal', 1, 5));
    posix_kill($worker, SIGWINCH);
    same([SIGWINCH], $srv->await('signal', 2, 5));
    $srv->stop();
}
