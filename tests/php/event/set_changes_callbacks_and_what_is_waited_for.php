<?php
// set() replaces the callbacks that it is given, keeps those that it is not, and changes what is waited for.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_read_buffer($one, 0); // what PHP reads ahead the loop cannot see
fwrite($other, 'abc');
$ran = [];
$reads = function (string $name, ?callable $then = null) use (&$ran) {
    return function ($one) use (&$ran, $name, $then) {
        $ran[] = $name . fread($one, 1);
        $then !== null && $then($one);
    };
};
$writes = function ($one) use (&$ran, $reads) {
    $ran[] = 'writable';
    // back to reading, with a third callback
    same(true, swoole_event_set($one, $reads('third ', 'swoole_event_del'), null, SWOOLE_EVENT_READ));
};
swoole_event_add($one, $reads('first ', function ($one) use ($reads, $writes) {
    same(true, swoole_event_set($one, $reads('second ', function ($one) use ($writes) {
        // now for writing only: 'c' must wait
        same(true, swoole_event_set($one, null, $writes, SWOOLE_EVENT_WRITE));
        same([false, true], [swoole_event_isset($one, SWOOLE_EVENT_READ), swoole_event_isset($one, SWOOLE_EVENT_WRITE)]);
    })));
}));
loop();
same(['first a', 'second b', 'writable', 'third c'], $ran);
