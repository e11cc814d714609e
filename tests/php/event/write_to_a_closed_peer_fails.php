<?php
// A peer that is gone: write() gives false at once, or the loop lets go of what waits; it never keeps the loop.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fclose($other);
same(false, swoole_event_write($one, 'data'));
same(SOCKET_EPIPE, swoole_last_error());
loop();
[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
same(false, warnings(fn () => swoole_event_write($one, ''))[0], 'writing nothing');
[$code, $output] = script(<<<'PHP'
    [$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    swoole_event_write($one, str_repeat('x', 2 << 20));
    swoole_timer_after(1, fn () => fclose($other));
    swoole_event_wait();
    echo "over\n";
    PHP);
same(0, $code);
contains("over\n", $output);
matches('/\d+ bytes .* are lost/', $output);
