<?php
// push() and pop() carry values of every kind, strings of any bytes among them, in order; an empty channel gives false, a full one refuses.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$channel = new Swoole\Channel(1 << 20);
same(false, $channel->pop());
$object = new ArrayObject(['in' => ['an' => 'object']]);
$values = ['text', '', "zero\0and\xff", str_repeat('x', 100_000), 0, -1, PHP_INT_MIN, 1.5, true, null, ['a' => [1, null, 'x' => []]], $object, 'b:0;', 'N;'];
foreach ($values as $value) {
    same(true, $channel->push($value));
}
foreach ($values as $n => $value) {
    $got = $channel->pop();
    is_object($value) ? ok($got == $value && $got !== $value, 'another object of the same value') : same($value, $got, "value $n");
}
same(false, $channel->pop());
same((new ReflectionClass('swoole_channel'))->getName(), Swoole\Channel::class);
