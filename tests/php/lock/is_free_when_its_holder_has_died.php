<?php
// Whatever kind of lock a process held when it was killed, or when it ended without unlocking, others get it: at once when they ask, and soon when they wait already.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (exclusiveLocks() as $kind => $lock) {
    foreach (['killed', 'ended'] as $how) {
        $holder = new Sibling(function (Sibling $test) use ($lock) {
            $lock->lock();
            $test->say('locked');
            $test->hear();
        });
        same('locked', $holder->hear());
        same(false, $lock->trylock(), $kind);
        $waiter = new Sibling(function (Sibling $test) use ($lock) {
            $test->say('waits');
            return [$lock->lock(), $lock->unlock()];
        });
        same('waits', $waiter->hear());
        $kind === 'spinlock' || awaitAsleep($waiter->pid);
        if ($how === 'killed') {
            $holder->kill();
        } else {
            $holder->say('end');
            $holder->result();
        }
        $begin = hrtime(true);
        same([true, true], $waiter->result(), "$kind, $how");
        same([true, true], [$lock->lockwait(PATIENCE), $lock->unlock()], "$kind, $how");
        between(0, 3e9, hrtime(true) - $begin, 'nanoseconds');
    }
    killedInTheMidst(30, function (int $n) use ($lock) {
        $lock->lock();
        $lock->unlock();
    });
    same([true, true], [$lock->lockwait(PATIENCE), $lock->unlock()], "$kind after many kills");
}
