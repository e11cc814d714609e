<?php
// tick(): again and again, with its number and then the further arguments, until it clears itself.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = [];
$id = swoole_timer_tick(1, function (int $id, ...$arguments) use (&$got) {
    $got[] = [$id, $arguments];
    count($got) === 3 && same(true, swoole_timer_clear($id));
}, 'a', null);
loop();
same(array_fill(0, 3, [$id, ['a', null]]), $got);
