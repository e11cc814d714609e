<?php
// Numbers that many processes count at once come out exact, and each sum is given to one process only.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$atomic, $long] = [new Swoole\Atomic(), new Swoole\Atomic\Long(-100)];
$seen = together(4, function () use ($atomic, $long) {
    $seen = [];
    for ($n = 0; $n < 20_000; $n++) {
        $seen[] = $atomic->add();
        $long->sub(3);
        do {
            $value = $long->get();
        } while (!$long->cmpset($value, $value + 1));
    }
    return [count(array_unique($seen)), array_sum($seen)];
});
same([80_000, -100 - 2 * 80_000], [$atomic->get(), $long->get()]);
same([80_000, array_sum(range(1, 80_000))], [array_sum(array_column($seen, 0)), array_sum(array_column($seen, 1))]);
