<?php
// A descriptor that is always ready does not keep timers and others from their turn.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$busy] = $keep = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$turns = 0;
$ran = [];
swoole_event_add($busy, null, function () use (&$turns) {
    $turns++;
}, SWOOLE_EVENT_WRITE);
swoole_timer_after(5, function () use ($other, &$ran) {
    $ran[] = 'timer';
    fwrite($other, 'x');
});
swoole_event_add($one, function ($one) use ($busy, &$ran) {
    $ran[] = 'other';
    swoole_event_del($one);
    swoole_event_del($busy);
});
loop();
same(['timer', 'other'], $ran);
ok($turns > 10, "the busy one was called often: $turns");
