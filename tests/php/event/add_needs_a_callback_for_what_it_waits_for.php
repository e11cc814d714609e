<?php
// Without a callback for what is waited for, add() and set() are refused; what is no callable is a TypeError.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$callback = fn () => null;
$refused = function (callable $action) {
    [$result, $messages] = warnings($action);
    same([false, 1], [$result, count($messages)]);
    contains('callback', $messages[0]);
};
$refused(fn () => swoole_event_add($one));
$refused(fn () => swoole_event_add($one, null, $callback));
$refused(fn () => swoole_event_add($one, $callback, null, SWOOLE_EVENT_WRITE));
$refused(fn () => swoole_event_add($one, $callback, null, SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE));
throws(TypeError::class, fn () => swoole_event_add($one, 'no such function'));
same(false, swoole_event_isset($one));
swoole_event_add($one, $callback);
$refused(fn () => swoole_event_set($one, null, null, SWOOLE_EVENT_WRITE));
swoole_event_del($one);
loop();
