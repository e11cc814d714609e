<?php
// log_level hides what is below it; log_date_format and log_date_with_microseconds shape the line.
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([SWOOLE_LOG_WARNING, SWOOLE_LOG_NONE] as $level) {
    $log = tmp("log$level");
    $srv = serve(function (Swoole\Server $server) use ($level, $log) {
        $server->set(['log_file' => $log, 'log_level' => $level, 'log_date_format' => '<%Y/%m/%d>', 'log_date_with_microseconds' => true]);
        $server->on('workerError', fn () => note('error'));
        echoes($server);
    });
    posix_kill($srv->worker(0), SIGKILL);
    $srv->await('error');
    $srv->stop();
    $text = (string) @file_get_contents($log);
    if ($level === SWOOLE_LOG_NONE) {
        same('', $text);
    } else {
        matches('~<\d{4}/\d\d/\d\d>\.\d{3,6}.*WARN~', $text);
        ok(!str_contains($text, 'INFO'), 'nothing below the level');
    }
}
