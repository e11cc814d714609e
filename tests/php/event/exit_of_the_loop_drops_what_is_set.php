<?php
// swoole_event_exit() in a callback ends wait(), what is left is dropped, and the script goes on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$ran = [];
swoole_event_add($one, function () use (&$ran) {
    $ran[] = 'readable';
});
$tick = swoole_timer_tick(1, function () use (&$ran) {
    $ran[] = 'tick';
    swoole_event_exit();
});
swoole_timer_after(60_000, fn () => null);
loop();
same(['tick'], $ran);
same([false, false], [swoole_timer_exists($tick), swoole_event_isset($one)]);
fwrite($other, 'x');
loop();
same(['tick'], $ran);
// The loop is as new.
swoole_timer_after(1, function () use (&$ran) {
    $ran[] = 'anew';
});
loop();
same(['tick', 'anew'], $ran);
