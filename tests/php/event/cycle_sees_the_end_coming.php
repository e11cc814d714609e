<?php
// A cycle may set something in the last turn: then the loop goes on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$turns = 0;
swoole_event_cycle(function () use (&$turns) {
    ++$turns < 3 ? swoole_timer_after(1, fn () => null) : swoole_event_cycle(null);
});
swoole_timer_after(1, fn () => null);
loop();
same(3, $turns);
