<?php
// $table[$key] is a Swoole\Table\Row: reading and writing its columns goes through to the table. isset, assigning an array and unset work as for an array.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(16, ['n' => 'int', 't' => 16]);
$table['k'] = ['n' => 1, 't' => 'text'];
same(['n' => 1, 't' => 'text'], $table->get('k'));
$row = $table['k'];
ok($row instanceof Swoole\Table\Row && $row instanceof ArrayAccess && $table instanceof ArrayAccess, 'an object of its class');
same((new ReflectionClass('swoole_table_row'))->getName(), $row::class);
same(['k', ['n' => 1, 't' => 'text'], 1, 'text'], [$row->key, $row->value, $row['n'], $row['t']]);
$row['n'] = 5;
same([5, 5], [$table->get('k', 'n'), $row['n']]);
$table['k']['t'] = 'written through';
same('written through', $table->get('k', 't'));
same([true, false, true], [isset($row['n']), isset($row['missing']), isset($table['k'])]);
same([false, null], [isset($table['missing']), $table['missing']]);
unset($table['k']);
same([false, 0], [$table->exist('k'), count($table)]);
same('fallback', $table['missing'] ?? 'fallback');
same([false, 7], [isset($table[7]), ($table[7] = ['n' => 7])['n']]);
same(7, $table['7']['n']);
refusedBy($table, fn () => ($table[7]['m'] = 1) && false, '"m"');
[, $warnings] = warnings(fn () => $table[] = ['n' => 1]);
same(1, count($table), 'no row without a key');
