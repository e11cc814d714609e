<?php
// What get() gave is a copy: changing it changes no row, later writes do not change it; thousands of reads leave nothing behind.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(8, ['n' => 'int', 't' => 16]);
$table['k'] = ['n' => 1, 't' => 'before'];
$row = $table->get('k');
$text = $table->get('k', 't');
$row['n'] = 99;
$row['new'] = 'x';
$table->set('k', ['t' => 'after']);
same([['n' => 1, 't' => 'after'], 'before', 'before'], [$table->get('k'), $text, $row['t']]);
$walk = fn () => array_sum(array_map(fn ($n) => count($table->get('k')) + strlen($table->get('k', 't')) + count(iterator_to_array($table)), range(1, 1000)));
$walk();
$memory = memory_get_usage();
$walk();
between(-10_000, 1000, memory_get_usage() - $memory, 'bytes more');
