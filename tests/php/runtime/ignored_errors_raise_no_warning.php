<?php
// What fails still answers false and sets its number; others warn as before.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = inChild(function () {
    $server = new Swoole\Server('127.0.0.1', 0);
    $refused = fn () => $server->on('no such event', fn () => null);
    ok(warnings($refused)[1] !== [], 'a warning before');
    swoole_ignore_error(SWOOLE_ERROR_INVALID_PARAMS);
    swoole_clear_error();
    same([false, []], warnings($refused));
    same(SWOOLE_ERROR_INVALID_PARAMS, swoole_last_error());
    ok(warnings(fn () => $server->sendto('127.0.0.1', 1, 'x'))[1] !== [], 'another error');
    swoole_error_log_ex(SWOOLE_LOG_ERROR, SWOOLE_ERROR_INVALID_PARAMS, 'not to be read');
    swoole_error_log_ex(SWOOLE_LOG_ERROR, SWOOLE_ERROR_QUEUE_FULL, 'to be read');
});
same(0, $code, $output);
ok(!str_contains($output, 'not to be read'), 'no line of an ignored error');
matches('/\tto be read \(error 506\)$/m', $output);
