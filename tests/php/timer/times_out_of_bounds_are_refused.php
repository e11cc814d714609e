<?php
// 1 ms to one day: anything else gives false and a warning with the bounds; what is no callable or no number is a TypeError.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['swoole_timer_after', 'swoole_timer_tick', ['Swoole\Timer', 'after'], ['Swoole\Timer', 'tick']] as $function) {
    foreach ([0, -1, 86_400_001, PHP_INT_MAX, PHP_INT_MIN] as $time) {
        [$result, $messages] = warnings(fn () => $function($time, fn () => null));
        same([false, 1], [$result, count($messages)], "result and warnings of $time");
        contains('86400000', $messages[0]);
        contains((string) $time, $messages[0]);
        same(SWOOLE_ERROR_INVALID_PARAMS, swoole_last_error());
    }
    throws(TypeError::class, fn () => $function(1, 'no such function'));
    throws(TypeError::class, fn () => $function('soon', fn () => null));
    throws(ArgumentCountError::class, fn () => $function(1));
    foreach ([1, 86_400_000] as $time) {
        ok(swoole_timer_clear($function($time, fn () => null)), "$time is possible");
    }
}
loop();
