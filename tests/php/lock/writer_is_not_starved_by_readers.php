<?php
// Readers that come and go all the time keep a writer out for a while only.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$lock = new Swoole\Lock(SWOOLE_RWLOCK);
$readers = [];
for ($n = 0; $n < 3; $n++) {
    $readers[] = $reader = new Sibling(function (Sibling $test) use ($lock) {
        $test->say('begins');
        while (true) {
            $lock->lock_read();
            usleep(500); // time: what a reader does
            $lock->unlock();
        }
    });
    same('begins', $reader->hear());
}
for ($n = 0; $n < 5; $n++) {
    same([true, true], [$lock->lockwait(PATIENCE), $lock->unlock()]);
}
array_map(fn ($reader) => $reader->kill(), $readers);
same([true, true], [$lock->lockwait(PATIENCE), $lock->unlock()], 'after their end');
