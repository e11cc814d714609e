<?php
// trylock() takes a free lock and is false at once, without a warning, when another process holds it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (exclusiveLocks() as $kind => $lock) {
    $holder = new Sibling(function (Sibling $test) use ($lock) {
        $test->say($lock->trylock());
        $test->hear();
        $test->say($lock->unlock());
        $test->hear();
    });
    same(true, $holder->hear(), $kind);
    $begin = hrtime(true);
    same([false, []], warnings(fn () => $lock->trylock()), $kind);
    between(0, 0.5e9, hrtime(true) - $begin, 'nanoseconds');
    $holder->say('unlock');
    same(true, $holder->hear());
    same([true, true], [$lock->trylock(), $lock->unlock()], $kind);
    $holder->say('end');
    $holder->result();
}
