<?php
// While a process waits for a lock its pcntl handlers run; one that throws ends the waiting, and the lock is not taken.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (exclusiveLocks() as $kind => $lock) {
    if ($kind === 'spinlock') {
        continue; // it does not sleep; the test could not tell when it waits
    }
    $parent = getmypid();
    $handled = 0;
    pcntl_signal(SIGUSR1, function () use (&$handled, &$holder) {
        $handled++;
        $holder->say('handled');
    });
    pcntl_signal(SIGUSR2, fn () => throw new DomainException('from the handler'));
    $holder = new Sibling(function (Sibling $test) use ($lock, $parent) {
        $lock->lock();
        $test->say('locked');
        foreach ([SIGUSR1, SIGUSR2] as $signal) {
            $test->hear();
            awaitAsleep($parent);
            posix_kill($parent, $signal);
            if ($signal === SIGUSR1) {
                same('handled', $test->hear());
                $lock->unlock();
                $test->hear();
                $lock->lock();
                $test->say('locked again');
            }
        }
        $test->hear();
        return $lock->unlock();
    });
    same('locked', $holder->hear());
    $holder->say('waits');
    same([true, 1], [$lock->lock(), $handled], $kind);
    same(true, $lock->unlock());
    $holder->say('unlocked');
    same('locked again', $holder->hear());
    $holder->say('waits');
    same('from the handler', throws(DomainException::class, fn () => $lock->lock())->getMessage());
    $holder->say('end');
    same(true, $holder->result(), "$kind was the holder's all the time");
    same([true, true], [$lock->trylock(), $lock->unlock()]);
}
