<?php
// Atomic is an unsigned number of 32 bits: add, sub, get, set, cmpset; sums wrap around.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$atomic = new Swoole\Atomic();
same(0, $atomic->get());
same([1, 11, 10, 5], [$atomic->add(), $atomic->add(10), $atomic->sub(), $atomic->sub(5)]);
same([false, 5, true, 77], [$atomic->cmpset(6, 1), $atomic->get(), $atomic->cmpset(5, 77), $atomic->get()]);
same(null, $atomic->set(4294967295));
same([4294967295, 0, 4294967295], [$atomic->get(), $atomic->add(), $atomic->sub()]);
same([4294967290, 0], [$atomic->sub(5), $atomic->add(6)]);
same(42, (new Swoole\Atomic(42))->get());
same([8, 3], [(new Swoole\Atomic(5))->add(3), (new Swoole\Atomic(5))->add(-2)], 'less than nothing is taken away');
same((new ReflectionClass('swoole_atomic'))->getName(), $atomic::class);
throws(TypeError::class, fn () => $atomic->add('x'));
