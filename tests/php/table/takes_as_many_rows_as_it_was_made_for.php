<?php
// A table takes at least the rows it was made for, whatever their keys are and whatever the conflict proportion; the next one is refused, and room is made by deleting.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([[1, 0.2], [7, 0.0], [1000, 0.2], [1024, 1.0], [50_000, 0.2]] as [$size, $proportion]) {
    $table = new Swoole\Table($size, $proportion);
    $table->column('n', Swoole\Table::TYPE_INT);
    $table->create();
    ok($table->size >= $size && $table->getSize() === $table->size, "size {$table->size} of $size");
    for ($n = 0; $n < $table->size; $n++) {
        $table->set("row-$n", ['n' => $n]) || throw new Failed("row $n of $size was refused");
    }
    same($table->size, count($table));
    [$answer, [$warning]] = warnings(fn () => $table->set('one more', ['n' => 1]));
    same([false, false], [$answer, $table->exist('one more')]);
    contains((string) $table->size, $warning);
    same(1, $table->incr('row-0', 'n'), 'rows that are there may be changed');
    same([true, true, $table->size], [$table->del('row-0'), $table->set('one more', ['n' => 1]), count($table)]);
    $sum = 0;
    foreach ($table as $row) {
        $sum += $row['n'];
    }
    same($table->size * ($table->size - 1) / 2 + 1, $sum, 'all are there');
}
