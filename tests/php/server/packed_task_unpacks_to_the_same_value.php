<?php
// Swoole\Server\Task::pack() and unpack() are each other's reverse; what is no packed task is false with a warning.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

use Swoole\Server\Task;

foreach (['', 'text', "\0\xff", 0, null, true, 1.5, ['a' => [1]], (object) ['b' => 2], str_repeat('x', 100_000)] as $value) {
    $packed = Task::pack($value);
    ok(is_string($packed), 'pack() gives text');
    same(serialize($value), serialize(Task::unpack($packed)));
}
foreach (['', 'x', str_repeat('garbage', 100)] as $garbage) {
    same(false, warnings(fn () => Task::unpack($garbage))[0]);
}
