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
$stats = $table->stats();
ok(is_array($stats), 'stats() gives an array: ' . json_encode($stats));
ok(in_array(59, $stats, true), 'rows are among it: ' . json_encode($stats));

function memoryOf(): int
{
    preg_match('/^RssShmem:\s+(\d+) kB/m', file_get_contents('/proc/self/status'), $found);
    return $found[1] * 1024;
}
