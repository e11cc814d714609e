<?php
// log_rotation: each day (month, hour, minute) has a file of its own.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['log_file' => tmp('log'), 'log_rotation' => SWOOLE_LOG_ROTATION_DAILY]);
    $server->on('workerError', fn () => note('error'));
    echoes($server);
});
posix_kill($srv->worker(0), SIGKILL);
$srv->await('error');
$srv->stop();
$files = glob(tmp('log*'));
same(1, count($files));
ok(str_contains($files[0], date('Ymd')), "the name has the date: $files[0]");
matches('/worker/', file_get_contents($files[0]));
