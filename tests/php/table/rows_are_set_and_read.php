<?php
// set() and get() of whole rows and of single fields; what set() leaves out stays, and is 0, 0.0 or "" in a new row.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(16, ['id' => 'int', 'price' => 'float', 'name' => 32]);
same(true, $table->set('a', ['id' => 1, 'price' => 2.5, 'name' => "zero\0and\xff"]));
same(['id' => 1, 'price' => 2.5, 'name' => "zero\0and\xff"], $table->get('a'));
same([1, 2.5, "zero\0and\xff"], [$table->get('a', 'id'), $table->get('a', 'price'), $table->get('a', 'name')]);
same(true, $table->set('a', ['price' => -0.125]));
same(['id' => 1, 'price' => -0.125, 'name' => "zero\0and\xff"], $table->get('a'));
same(true, $table->set('b', ['name' => 'only a name']));
same(['id' => 0, 'price' => 0.0, 'name' => 'only a name'], $table->get('b'));
same(true, $table->set('empty', []));
same(['id' => 0, 'price' => 0.0, 'name' => ''], $table->get('empty'));
same(true, $table->set('a', []), 'of a row that is there: it stays');
same(1, $table->get('a', 'id'));
same(true, $table->set('a', ['name' => '', 'price' => 1]), 'shorter again');
same(['id' => 1, 'price' => 1.0, 'name' => ''], $table->get('a'));

same([[false, []], [false, []]], [warnings(fn () => $table->get('missing')), warnings(fn () => $table->get('missing', 'id'))]);
same([true, false, true, false], [$table->exist('a'), $table->exist('missing'), $table->exists('a'), $table->exists('missing')]);
same([3, 3], [$table->count(), count($table)]);
same([true, false, false], [$table->del('a'), $table->del('a'), $table->exist('a')]);
same([true, 1], [$table->delete('b'), count($table)]);
