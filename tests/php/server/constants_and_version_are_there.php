<?php
// SWOOLE_VERSION, swoole_version() and SWOOLE_RS; the constants that a server needs.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

same(SWOOLE_VERSION, swoole_version());
matches('/^\d+\.\d+\.\d+/', SWOOLE_VERSION);
ok(defined('SWOOLE_RS'), 'SWOOLE_RS is defined');
same(SWOOLE_VERSION, phpversion('swoole'));
same([1, 2], [SWOOLE_BASE, SWOOLE_PROCESS]);
same([1, 2, 3, 4, 5, 6], [SWOOLE_SOCK_TCP, SWOOLE_SOCK_UDP, SWOOLE_SOCK_TCP6, SWOOLE_SOCK_UDP6, SWOOLE_SOCK_UNIX_STREAM, SWOOLE_SOCK_UNIX_DGRAM]);
same([1, 2, 3, 4, 5, 6], [SWOOLE_TCP, SWOOLE_UDP, SWOOLE_TCP6, SWOOLE_UDP6, SWOOLE_UNIX_STREAM, SWOOLE_UNIX_DGRAM]);
same([0, 1, 2, 3, 4, 5, 6], [SWOOLE_LOG_DEBUG, SWOOLE_LOG_TRACE, SWOOLE_LOG_INFO, SWOOLE_LOG_NOTICE, SWOOLE_LOG_WARNING, SWOOLE_LOG_ERROR, SWOOLE_LOG_NONE]);
same([0, 1, 2], [SWOOLE_LOG_ROTATION_SINGLE, SWOOLE_LOG_ROTATION_MONTHLY, SWOOLE_LOG_ROTATION_DAILY]);
same([3, 4], [SWOOLE_LOG_ROTATION_HOURLY, SWOOLE_LOG_ROTATION_EVERY_MINUTE]);
same([1004, 1005, 1009], [SWOOLE_ERROR_SESSION_CLOSED, SWOOLE_ERROR_SESSION_NOT_EXIST, SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW]);
$info = shell_exec(PHP_BINARY . ' -n -d extension=' . escapeshellarg(getenv('SWOOLE_TEST_EXTENSION')) . ' --ri swoole');
contains(SWOOLE_VERSION, $info);
foreach (array_keys(ini_get_all('swoole')) as $directive) {
    contains($directive, $info);
}
