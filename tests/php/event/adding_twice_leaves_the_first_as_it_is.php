<?php
// A second add() of the same stream is refused and changes nothing: set() and write() still know the first, and the stream stays non-blocking.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$called = [];
$write = function ($one) use (&$called, $other) {
    $called[] = 'write';
    fwrite($other, 'answer');
    swoole_event_set($one, null, null, SWOOLE_EVENT_READ);
};
$read = function ($one) use (&$called) {
    $called[] = [fread($one, 100), fread($one, 100)];
    swoole_event_del($one);
};
swoole_event_add($one, fn () => null, $write, SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE);
same([false, 1], (fn ($got) => [$got[0], count($got[1])])(warnings(fn () => swoole_event_add($one, fn () => null))));
same(true, swoole_event_write($one, 'data'));
same(true, swoole_event_set($one, $read, $write));
same(false, stream_get_meta_data($one)['blocked'], 'blocked in the loop');
loop();
same('data', fread($other, 10));
same(['write', ['answer', '']], $called);
