<?php
// A read-write lock, and a file lock, has many readers or one writer. A killed reader keeps nobody out.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([new Swoole\Lock(SWOOLE_RWLOCK), new Swoole\Lock(SWOOLE_FILELOCK, tmp('lock'))] as $lock) {
    $reader = fn (string $method) => new Sibling(function (Sibling $test) use ($lock, $method) {
        $test->say($lock->$method());
        $test->hear();
        return $lock->unlock();
    });
    $readers = [$reader('lock_read'), $reader('trylock_read'), $reader('lock_read')];
    same([true, true, true], array_map(fn ($one) => $one->hear(), $readers), 'three at once');
    same([true, true], [$lock->trylock_read(), $lock->unlock()]);
    same([false, false], [$lock->trylock(), $lock->lockwait(0.02)]);
    $readers[0]->say('end');
    same(true, $readers[0]->result());
    $readers[1]->kill();
    same(false, $lock->lockwait(0.05), 'one reader is left');
    $readers[2]->say('end');
    same(true, $readers[2]->result());
    same(true, $lock->lockwait(PATIENCE), 'now the writer has it');
    $late = $reader('trylock_read');
    same(false, $late->hear(), 'no reader beside a writer');
    $late->kill();
    same(true, $lock->unlock());
    same([true, true], [$lock->lock(LOCK_SH), $lock->unlock()]);
}
