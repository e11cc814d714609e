<?php
// What is no unsigned number of 32 bits is taken modulo 4,294,967,296 everywhere: -1 is the largest number.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$atomic = new Swoole\Atomic(-1);
same(4294967295, $atomic->get());
$atomic->set((1 << 32) + 5);
same(5, $atomic->get());
same([true, 4294967294], [$atomic->cmpset(5, -2), $atomic->get()]);
same([3, 4294967295], [$atomic->add(5), $atomic->add(-4)]);
throws(TypeError::class, fn () => $atomic->set('x'));
