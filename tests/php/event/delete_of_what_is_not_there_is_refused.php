<?php
// del() and set() of a descriptor that is not in the loop give false and say so.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
foreach ([fn () => swoole_event_del($one), fn () => swoole_event_set($one, fn () => null)] as $action) {
    [$result, $messages] = warnings($action);
    same([false, 1], [$result, count($messages)]);
    contains('not in the event loop', $messages[0]);
}
same(true, swoole_event_add($one, fn () => null) !== false);
same(true, swoole_event_del($one));
same([false], array_slice(warnings(fn () => swoole_event_del($one)), 0, 1));
loop();
