<?php
// wait() sleeps until another process calls wakeup(); a wakeup that came before is not lost; each is taken by one.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$atomic = new Swoole\Atomic();
same([true, 1, true, 0], [$atomic->wakeup(), $atomic->get(), $atomic->wait(), $atomic->get()]);
$waiters = [];
for ($n = 0; $n < 3; $n++) {
    $waiters[] = $waiter = new Sibling(function (Sibling $test) use ($atomic) {
        $test->say('waits');
        return $atomic->wait(-1);
    });
    same('waits', $waiter->hear());
    awaitAsleep($waiter->pid);
}
for ($n = 2; $n >= 0; $n--) {
    $atomic->wakeup();
    eventually(fn () => count(array_filter($waiters, fn ($waiter) => alive($waiter->pid))) === $n, "$n are left");
    same(0, $atomic->get(), 'the wakeup was taken');
}
foreach ($waiters as $waiter) {
    same(true, $waiter->result());
}
