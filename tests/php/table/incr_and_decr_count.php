<?php
// incr() and decr() add to INT and FLOAT columns and give the new value; a row that is not there begins at 0. What would leave the column's range is refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(16, ['n' => 'int', 'b' => 'int1', 'l' => 'int8', 'f' => 'float', 't' => 8]);
same([1, 2, 12, 11, 1], [$table->incr('k', 'n'), $table->incr('k', 'n'), $table->incr('k', 'n', 10), $table->decr('k', 'n'), $table->decr('k', 'n', 10)]);
same([-5, 5], [$table->incr('k', 'n', -6), $table->decr('k', 'n', -10)]);
same([1.0, 1.5, 1.25], [$table->incr('k', 'f'), $table->incr('k', 'f', 0.5), $table->decr('k', 'f', 0.25)]);
same(['n' => 5, 'b' => 0, 'l' => 0, 'f' => 1.25, 't' => ''], $table->get('k'));
same([-1, ['n' => 0, 'b' => -1, 'l' => 0, 'f' => 0.0, 't' => '']], [$table->decr('new', 'b'), $table->get('new')]);
same(127, $table->incr('k', 'b', 127));
refusedBy($table, fn () => $table->incr('k', 'b'), '"b"', '128');
same(-128, $table->decr('k', 'b', 255));
refusedBy($table, fn () => $table->decr('k', 'b'), '"b"');
same(PHP_INT_MAX, $table->incr('k', 'l', PHP_INT_MAX));
refusedBy($table, fn () => $table->incr('k', 'l'), '"l"');
refusedBy($table, fn () => $table->decr('k', 't'), '"t"');
refusedBy($table, fn () => $table->incr('k', 'n', 0.5), '"n"');
refusedBy($table, fn () => $table->incr('another', 't'), '"t"');
same(false, $table->exist('another'));
