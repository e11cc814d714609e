<?php
// wait() and dispatch() inside a callback are refused with a warning, and the loop goes on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$said = [];
swoole_timer_after(1, function () use (&$said) {
    foreach (['swoole_event_wait', 'swoole_event_dispatch'] as $function) {
        [, $messages] = warnings($function);
        array_push($said, ...$messages);
    }
});
swoole_timer_after(10, function () use (&$said) {
    $said[] = 'went on';
});
loop();
same(3, count($said));
contains('callback', $said[0]);
contains('callback', $said[1]);
same('went on', $said[2]);
