<?php
// A write callback is not called while written data waits, only when the descriptor takes new data.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_blocking($other, false);
$got = 0;
$most = 1 << 20;
swoole_event_add($one, null, function ($one) use (&$got, $most) {
    // what waits between the two sockets is far less than a megabyte
    between($most - 500_000, $most, $got, 'bytes read when it was writable');
    swoole_event_del($one);
}, SWOOLE_EVENT_WRITE);
swoole_event_write($one, str_repeat('x', $most));
swoole_event_add($other, function ($other) use (&$got, $most) {
    $got += strlen(fread($other, 20_000));
    $got === $most && swoole_event_del($other);
});
loop();
same($most, $got);
