<?php
// Too long a key or string, a number out of its column's range and an unknown column are refused with what was given and what is allowed. Nothing is cut, no part is set.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(16, ['small' => 'int1', 'n' => 'int4', 'name' => 8]);
$table->set('k', ['small' => 1, 'n' => 1, 'name' => 'as it is']);
refusedBy($table, fn () => $table->set('k', ['n' => 2, 'name' => 'nine long']), '"name"', '9', '8');
refusedBy($table, fn () => $table->set('k', ['n' => 2, 'small' => 128]), '"small"', '128', '127');
refusedBy($table, fn () => $table->set('k', ['n' => 2, 'small' => -129]), '"small"', '-129', '-128');
refusedBy($table, fn () => $table->set('k', ['n' => 2147483648]), '"n"', '2147483648');
refusedBy($table, fn () => $table->set('k', ['n' => 2, 'nam' => 'x']), '"nam"');
refusedBy($table, fn () => $table->set('k', ['n' => 2, 0 => 'x']), '0');
refusedBy($table, fn () => $table->set('new', ['n' => 2, 'name' => 'much too long']), '"name"');
same(false, $table->exist('new'), 'no row was begun');
refusedBy($table, fn () => $table->get('k', 'nam'), '"nam"');
refusedBy($table, fn () => $table->incr('k', 'nam'), '"nam"');

$long = str_repeat('k', 65);
foreach ([fn () => $table->set($long, ['n' => 1]), fn () => $table->get($long), fn () => $table->get($long, 'n'), fn () => $table->exist($long), fn () => $table->del($long), fn () => $table->incr($long, 'n')] as $action) {
    refusedBy($table, $action, '65', '64');
}
$longest = str_repeat('k', 64);
same([true, true], [$table->set($longest, ['n' => 7]), $table->exist($longest)]);
same(false, $table->exist(substr($longest, 1)), 'nothing was cut');
