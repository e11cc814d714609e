<?php
// Columns of a type or size that does not exist, two of one name, and tables of no or too many rows are refused with what is allowed.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = new Swoole\Table(8);
[$int, $float, $string] = [Swoole\Table::TYPE_INT, Swoole\Table::TYPE_FLOAT, Swoole\Table::TYPE_STRING];
same([true, true], [$table->column('n', $int), $table->column('f', $float, 99)]);
refusedBy(null, fn () => $table->column('i', $int, 3), '3', '8');
refusedBy(null, fn () => $table->column('t', $string), '"t"');
refusedBy(null, fn () => $table->column('t', $string, -1), '-1');
refusedBy(null, fn () => $table->column('x', 77), '77');
refusedBy(null, fn () => $table->column('n', $float), '"n"');
refusedBy(null, fn () => $table->column('', $int), 'name');
foreach ([0, -5] as $rows) {
    $told = throws(Swoole\Exception::class, fn () => new Swoole\Table($rows))->getMessage();
    contains((string) $rows, $told);
}
throws(Swoole\Exception::class, fn () => new Swoole\Table(1 << 40));
throws(Swoole\Exception::class, fn () => new Swoole\Table(100, 0.2, 50));
throws(ArgumentCountError::class, fn () => new Swoole\Table());
throws(Error::class, fn () => $table->__construct(8));
