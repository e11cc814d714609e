<?php
// A pid_file, log_file, stats_file or request_slowlog_file that cannot be written: a warning that names the option and the path, and start() is false.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['pid_file', 'log_file', 'stats_file', 'request_slowlog_file'] as $option) {
    [, $output] = inChild(function () use ($option) {
        $server = new Swoole\Server('127.0.0.1', 0, MODE);
        echoes($server);
        $server->set([$option => '/no/such/directory/file']);
        var_dump($server->start());
    });
    contains('bool(false)', $output);
    matches('/' . strtr($option, '_', '.') . '/', $output);
    contains('/no/such/directory/file', $output);
}
