<?php
// With the level and the number given, and not below log_level.
require __DIR__ . '/../../support/php/bootstrap.php';

$log = tmp('log');
$srv = serve(function (Swoole\Server $server) use ($log) {
    $server->set(['log_file' => $log, 'log_level' => SWOOLE_LOG_NOTICE]);
    $server->on('receive', function ($server, $fd) {
        swoole_error_log(SWOOLE_LOG_INFO, 'too quiet');
        swoole_error_log(SWOOLE_LOG_NOTICE, 'loud enough');
        swoole_error_log_ex(SWOOLE_LOG_WARNING, 506, 'the larder is full');
        $server->send($fd, (string) swoole_last_error());
    });
});
same('506', $srv->connect()->ask('who'));
$text = file_get_contents($log);
ok(!str_contains($text, 'too quiet'), 'log_level holds');
matches('/NOTICE\tloud enough$/m', $text);
matches('/WARNING\tthe larder is full \(error 506\)$/m', $text);
[, [$warning]] = warnings(fn () => swoole_error_log(7, 'x'));
contains('no log level 7', $warning);
$srv->stop();
