<?php
// max_wait_time: a worker that is stuck when the server shuts down is killed after so many seconds, and the log says so.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['max_wait_time' => 1]);
    $server->on('receive', function () {
        note('stuck');
        holdFor('/never');
    });
});
$srv->connect()->write('x');
$srv->await('stuck');
$begin = microtime(true);
$srv->signal(SIGTERM);
$srv->expect('/max_wait_time|exit timeout|1 s/');
$srv->allow('/worker/i');
$srv->ended();
between(0.9, 8, microtime(true) - $begin, 'seconds until the end');
