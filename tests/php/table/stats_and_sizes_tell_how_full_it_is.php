<?php
// size, memorySize, getSize(), getMemorySize() and stats() tell how large and how full a table is; memory is taken when rows are used.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$made = new Swoole\Table(100_000);
$made->column('n', Swoole\Table::TYPE_INT);
$made->column('t', Swoole\Table::TYPE_STRING, 100);
$before = memoryOf();
$made->create();
same([$made->getSize(), $made->getMemorySize()], [$made->size, $made->memorySize]);
between(100_000 * 104, 100_000 * 600, $made->memorySize, 'bytes of memory');
between(-500_000, 1_000_000, memoryOf() - $before, 'bytes in use of a table without rows');
$table = table(100, ['n' => 'int']);
for ($n = 0; $n < 60; $n++) {
    $table["k$n"] = ['n' => $n];
}
$table->set('k1', ['n' => 2]);
$table->del('k0');
(new Sibling(fn () => $table->incr('k1', 'n')))->result();
$wanted = ['num' => 59, 'insert_count' => 60, 'update_count' => 2, 'delete_count' => 1, 'capacity' => 100, 'max_capacity' => 100, 'growth_count' => 0, 'refused_count' => 0];
same($wanted, array_intersect_key(array_replace($wanted, $table->stats()), $wanted));

function memoryOf(): int
{
    preg_match('/^RssShmem:\s+(\d+) kB/m', file_get_contents('/proc/self/status'), $found);
    return $found[1] * 1024;
}
