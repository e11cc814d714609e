<?php
// A worker that dies: one line in the log with date, level, worker and signal.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('workerError', fn () => note('error'));
    echoes($server);
});
$pid = $srv->worker(0);
posix_kill($pid, SIGKILL);
$srv->await('error');
$srv->expect("/^.*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*WARN.*worker.*$pid.*$/m");
$lines = preg_grep("/$pid/", explode("\n", $srv->output()));
same(1, count($lines), implode("\n", $lines));
matches('/signal.* 9|SIGKILL/', end($lines));
$srv->stop();
