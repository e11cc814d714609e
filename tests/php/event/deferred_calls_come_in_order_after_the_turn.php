<?php
// defer(): in the order given, after the callback that gave them; what they defer comes in the next turn.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$ran = [];
$say = function (string $what) use (&$ran) {
    $ran[] = $what;
};
swoole_timer_after(1, function () use ($say) {
    same(true, swoole_event_defer(function () use ($say) {
        $say('one');
        swoole_event_defer(fn () => $say('three'));
        swoole_timer_after(1, fn () => $say('four'));
    }));
    Swoole\Event::defer(fn () => $say('two'));
    $say('callback');
});
loop();
same(['callback', 'one', 'two', 'three', 'four'], $ran);
throws(TypeError::class, fn () => swoole_event_defer('no such function'));
