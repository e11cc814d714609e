<?php
// Processes that are killed in the midst of set(), incr() and del() leave no row torn, no lock held, and no room lost.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(500, ['a' => 'int8', 'text' => 100, 'b' => 'int8']);
$row = fn (int $n) => ['a' => $n, 'text' => str_repeat(chr(97 + $n % 26), $n % 100), 'b' => $n * 3];
killedInTheMidst(60, function (int $n) use ($table, $row) {
    $key = 'k' . $n % 300;
    $table->set($key, $row($n));
    $table->set('one', $row($n));
    $table->incr('counter', 'a');
    $n % 2 && $table->del($key);
});
$count = 0;
foreach ($table as $key => $got) {
    $count++;
    $key === 'counter' || same($row($got['a']), $got, "row $key");
}
same($count, count($table), 'rows counted and walked');
$begin = hrtime(true);
for ($n = 0; $n < 300; $n++) {
    same(true, $table->set("k$n", $row($n)));
    same($row($n), $table->get("k$n"));
}
foreach (iterator_to_array($table) as $key => $got) {
    same(true, $table->del($key));
}
same([0, []], [count($table), iterator_to_array($table)]);
for ($n = 0; $n < $table->size; $n++) {
    same(true, $table->set("again$n", $row($n)), "row $n: no room was lost");
}
between(0, 5e9, hrtime(true) - $begin, 'nanoseconds: nobody waited for the dead');
