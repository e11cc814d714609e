<?php
// Thousands of locks are separate, take little memory, and leave nothing behind.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$locks = [];
$mappings = fn () => substr_count(file_get_contents('/proc/self/maps'), "\n");
$before = [$mappings(), descriptors()];
for ($n = 0; $n < 5000; $n++) {
    $locks[] = new Swoole\Lock([SWOOLE_MUTEX, SWOOLE_RWLOCK, SWOOLE_SPINLOCK, SWOOLE_SEM][$n % 4]);
}
foreach ($locks as $n => $lock) {
    $n % 3 || same(true, $lock->lock());
}
(new Sibling(function () use ($locks) {
    foreach ($locks as $n => $lock) {
        same($n % 3 !== 0, $lock->trylock(), "lock $n");
    }
}))->result();
between(0, 1400, $mappings() - $before[0], 'mappings for 5000 locks, one for each read-write lock');
same($before[1], descriptors());
$locks = $lock = null;
gc_collect_cycles();
between(-100, 10, $mappings() - $before[0], 'mappings when they are gone');
