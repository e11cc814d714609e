<?php
// lockwait() and lock() with a timeout give up then: false, errCode ETIMEDOUT, no warning. A lock that comes free meanwhile is taken at once.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (exclusiveLocks() as $kind => $lock) {
    same([true, 0], [$lock->lockwait(0.5), $lock->errCode], $kind);
    same(true, $lock->unlock());
    $holder = new Sibling(function (Sibling $test) use ($lock, $kind) {
        $lock->lock();
        $test->say('locked');
        $waiter = $test->hear();
        $kind === "spinlock" || awaitAsleep($waiter);
        $lock->unlock();
    });
    same('locked', $holder->hear());
    foreach ([fn () => $lock->lockwait(0.05), fn () => $lock->lock(LOCK_EX, 0.05)] as $wait) {
        $begin = hrtime(true);
        same([false, []], warnings($wait), $kind);
        between(0.045e9, 5e9, hrtime(true) - $begin, "nanoseconds, $kind");
        same(SOCKET_ETIMEDOUT, $lock->errCode, $kind);
    }
    $holder->say(getmypid());
    $begin = hrtime(true);
    same(true, $lock->lockwait(PATIENCE), $kind);
    between(0, 5e9, hrtime(true) - $begin, 'nanoseconds until it came free');
    same(true, $lock->unlock());
    $holder->result();
}
