<?php
// Unlocking what is not held, or what another process holds, and locking a mutex twice is refused with a warning. A semaphore may be unlocked by anybody.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (exclusiveLocks() as $kind => $lock) {
    [$answer, $warnings] = warnings(fn () => $lock->unlock());
    same([false, 1], [$answer, count($warnings)], $kind);
    ok($lock->errCode !== 0, "$kind: errCode is set");
    $holder = new Sibling(function (Sibling $test) use ($lock) {
        $lock->lock();
        $test->say('locked');
        $test->hear();
        return $lock->trylock();
    });
    same('locked', $holder->hear());
    [$answer, $warnings] = warnings(fn () => $lock->unlock());
    if ($kind === 'semaphore') {
        same([true, []], [$answer, $warnings]);
    } else {
        same([false, 1], [$answer, count($warnings)], "$kind of another");
        same(false, $lock->trylock(), "$kind is still held");
    }
    $holder->kill();
    same(true, $lock->lockwait(PATIENCE), $kind);
    $kind === 'semaphore' || same(false, warnings(fn () => $lock->lockwait(0.02))[0], "$kind twice");
    same(true, $lock->unlock(), $kind);
}
$mutex = new Swoole\Lock();
$mutex->lock();
[$answer, $warnings] = warnings(fn () => $mutex->lock());
same([false, 1, 35], [$answer, count($warnings), $mutex->errCode], 'it would wait for itself for ever');
same(true, $mutex->unlock());

foreach ([[0], [6], [77]] as $arguments) {
    contains((string) $arguments[0], throws(Swoole\Exception::class, fn () => new Swoole\Lock(...$arguments))->getMessage());
}
throws(Swoole\Exception::class, fn () => new Swoole\Lock(SWOOLE_FILELOCK));
contains('/no/such/directory/lock', throws(Swoole\Exception::class, fn () => new Swoole\Lock(SWOOLE_FILELOCK, '/no/such/directory/lock'))->getMessage());

same([3, 1, 5], [Swoole\Lock::MUTEX, Swoole\Lock::RWLOCK, Swoole\Lock::SPINLOCK]);
$gone = new Swoole\Lock(Swoole\Lock::MUTEX);
$gone->destroy();
foreach (['lock', 'trylock', 'unlock', 'lock_read', 'trylock_read', 'lockwait'] as $method) {
    [$answer, $warnings] = warnings(fn () => $gone->$method());
    same([false, 1], [$answer, count($warnings)], $method);
}
