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
ok((bool) preg_grep('/log\.?' . date('Y-?m-?d') . '$/', array_map(fn ($f) => str_replace('-', '', $f), $files)) || preg_grep('/' . date('Ymd') . '/', $files), 'a file with the date: ' . implode(' ', $files));
