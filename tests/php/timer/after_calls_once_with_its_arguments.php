<?php
// after(): once, with the further arguments and nothing else; it gives a number.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = [];
$object = new stdClass();
$id = swoole_timer_after(2, function (...$arguments) use (&$got) {
    $got[] = $arguments;
}, 1, 'two', [3], $object);
ok(is_int($id) && $id > 0, 'a number');
swoole_timer_after(1, function (...$arguments) use (&$got) {
    $got[] = $arguments;
});
loop();
same(2, count($got));
same([], $got[0]);
same([1, 'two', [3]], array_slice($got[1], 0, 3));
ok($got[1][3] === $object, 'the same object');
