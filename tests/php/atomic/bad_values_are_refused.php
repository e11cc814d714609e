<?php
// What no unsigned number of 32 bits can be is refused by the constructor, set() and cmpset(), with the value.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$atomic = new Swoole\Atomic(3);
foreach ([fn () => new Swoole\Atomic(-1), fn () => new Swoole\Atomic(1 << 32)] as $n => $action) {
    contains(['-1', '4294967296'][$n], throws(Throwable::class, $action)->getMessage());
}
foreach ([[fn () => $atomic->set(-1), '-1'], [fn () => $atomic->set(1 << 32), '4294967296'], [fn () => $atomic->cmpset(3, 1 << 40), (string) (1 << 40)]] as [$action, $value]) {
    [, $warnings] = warnings($action);
    contains($value, $warnings[0] ?? "nothing is told of $value");
    same(3, $atomic->get());
}
