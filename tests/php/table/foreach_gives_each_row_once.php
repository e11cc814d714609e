<?php
// foreach gives each key with its row as an array; loops may be broken off, begun again, and stand within one another if each has its own iterator.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(2000, ['n' => 'int', 't' => 8]);
$wanted = [];
for ($n = 0; $n < 1500; $n++) {
    $table["key$n"] = $wanted["key$n"] = ['n' => $n, 't' => "t$n"];
}
$read = fn () => iterator_to_array($table);
$sorted = function (array $rows) { ksort($rows); return $rows; };
same($sorted($wanted), $sorted($read()));
foreach ($table as $key => $row) {
    break;
}
same($sorted($wanted), $sorted($read()), 'a new loop begins anew');
$empty = table(8, ['n' => 'int']);
same([], iterator_to_array($empty));
$table->rewind();
$first = $table->key();
same([true, $wanted[$first]], [$table->valid(), $table->current()]);
$table->next();
ok($table->key() !== $first, 'the next one');
for ($n = 0; $table->valid(); $n++) {
    $table->next();
}
same([1499, null, null], [$n, $table->key(), $table->current()]);
