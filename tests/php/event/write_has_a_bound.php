<?php
// More than 8 MiB do not wait for one descriptor: write() then gives false and nothing of that call is sent.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_blocking($other, false);
same(true, swoole_event_write($one, str_repeat('a', 5 << 20)));
same(false, swoole_event_write($one, str_repeat('b', 5 << 20)));
same(SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW, swoole_last_error());
$got = '';
swoole_event_add($other, function ($other) use (&$got) {
    $got .= $data = fread($other, 1 << 20);
    $data === '' && swoole_event_del($other);
});
swoole_event_defer(fn () => swoole_event_write($one, 'end'));
swoole_timer_tick(5, function ($id) use (&$got, $other) {
    if (str_ends_with($got, 'end')) {
        swoole_timer_clear($id);
        swoole_event_del($other);
    }
});
loop();
ok($got === str_repeat('a', 5 << 20) . 'end', 'only what was taken came: ' . strlen($got));
