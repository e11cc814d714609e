<?php
// cycle(): one callback before each turn, one after; null takes it away; alone it keeps no loop.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$ran = [];
$say = function (string $what) use (&$ran) {
    return function () use (&$ran, $what) {
        $ran[] = $what;
    };
};
same(true, swoole_event_cycle($say('before'), true));
same(true, swoole_event_cycle($say('after')));
loop();
same([], $ran);
swoole_timer_after(1, $say('timer'));
loop();
same(['before', 'timer', 'after'], $ran);
$ran = [];
swoole_event_cycle($say('instead'));
swoole_event_cycle(null, true);
swoole_timer_after(1, $say('timer'));
swoole_timer_after(30, $say('timer'));
loop();
same(['timer', 'instead', 'timer', 'instead'], $ran);
swoole_event_cycle(null);
swoole_timer_after(1, $say('alone'));
loop();
same('alone', end($ran));
