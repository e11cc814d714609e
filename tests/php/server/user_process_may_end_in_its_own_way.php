<?php
// A user process that handles SIGTERM is let finish at shutdown; one that does not react is killed after max_wait_time, and the log says so.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->addProcess(new Swoole\Process(function () {
        pcntl_async_signals(true);
        pcntl_signal(SIGTERM, function () {
            note('told');
            usleep(100_000); // time: what it still has to do
            note('done');
            exit(0);
        });
        note('up');
        holdFor('/never');
    }));
});
$srv->await('up');
$srv->stop();
same(1, count($srv->notes('told')));
same(1, count($srv->notes('done')));

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['max_wait_time' => 1]);
    $server->addProcess(new Swoole\Process(function () {
        pcntl_signal(SIGTERM, SIG_IGN);
        note('up');
        holdFor('/never');
    }));
});
$srv->await('up');
$begin = microtime(true);
$srv->signal(SIGTERM);
$srv->expect('/max_wait_time|exit timeout|1 s/');
$srv->allow('/worker|process/i');
$srv->ended();
between(0.9, 8, microtime(true) - $begin, 'seconds until the end');
