<?php
// wait() returns when the last timer, descriptor and deferred call is gone; at once if there is none; and may be called again.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

loop();
$ran = [];
[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
swoole_event_add($one, function ($one) use (&$ran) {
    $ran[] = fread($one, 100);
    swoole_event_del($one);
});
swoole_timer_after(5, function () use (&$ran, $other) {
    $ran[] = 'timer';
    fwrite($other, 'data');
});
loop();
same(['timer', 'data'], $ran);
swoole_event_defer(function () use (&$ran) {
    $ran[] = 'deferred';
});
loop();
same(['timer', 'data', 'deferred'], $ran);
