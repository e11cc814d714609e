<?php
// Atomic\Long is a signed number of 64 bits; its sums wrap around too.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$long = new Swoole\Atomic\Long(-5);
same([-5, -4, 6, 5, -5], [$long->get(), $long->add(), $long->add(10), $long->sub(), $long->sub(10)]);
$long->set(1 << 40);
same([(1 << 40) + 1, true, PHP_INT_MAX], [$long->add(), $long->cmpset((1 << 40) + 1, PHP_INT_MAX), $long->get()]);
same([PHP_INT_MIN, PHP_INT_MAX, false], [$long->add(), $long->sub(), $long->cmpset(1, 2)]);
same(0, (new swoole_atomic_long())->get());
same(Swoole\Atomic\Long::class, (new ReflectionClass('swoole_atomic_long'))->getName());
