<?php
// isset() says whether a descriptor is in the loop, and for what.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$is = fn () => [swoole_event_isset($one), swoole_event_isset($one, SWOOLE_EVENT_READ), swoole_event_isset($one, SWOOLE_EVENT_WRITE)];
$nothing = fn () => null;
same([false, false, false], $is());
swoole_event_add($one, $nothing);
same([true, true, false], $is());
swoole_event_set($one, null, $nothing, SWOOLE_EVENT_WRITE);
same([true, false, true], $is());
swoole_event_set($one, $nothing, $nothing, SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE);
same([true, true, true], $is());
same(false, swoole_event_isset($other));
same(false, warnings(fn () => swoole_event_isset(-1))[0]);
swoole_event_del($one);
same([false, false, false], $is());
