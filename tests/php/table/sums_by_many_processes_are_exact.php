<?php
// incr() by many processes at once loses nothing: one row, many rows, rows that begin at the same time, INT and FLOAT.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(256, ['n' => 'int8', 'f' => 'float', 'small' => 'int2']);
[$processes, $rounds] = [4, 20_000];
together($processes, function (int $number) use ($table, $rounds) {
    for ($n = 0; $n < $rounds; $n++) {
        $table->incr('one', 'n', 3);
        $table->incr('one', 'f', 0.25);
        $table->incr('row' . $n % 100, 'n');
        $table->decr('row' . $n % 100, 'f', 2);
    }
});
same(['n' => 3 * $processes * $rounds, 'f' => 0.25 * $processes * $rounds, 'small' => 0], $table->get('one'));
for ($n = 0; $n < 100; $n++) {
    same(['n' => $processes * $rounds / 100, 'f' => -2.0 * $processes * $rounds / 100, 'small' => 0], $table->get("row$n"));
}
same(101, count($table));
