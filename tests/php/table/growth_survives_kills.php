<?php
// Processes that are killed while a table grows leave it whole, and it grows on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(8, ['n' => 'int', 'text' => 24], 20_000);
$total = new Swoole\Atomic();
killedInTheMidst(40, function () use ($table, $total) {
    if ($total->get() > 15_000) {
        return; // nothing is to be refused
    }
    $n = $total->add();
    $table->set("k$n", ['n' => $n, 'text' => "text of $n"]);
});
$count = 0;
foreach ($table as $key => $row) {
    same([substr($key, 1), "text of {$row['n']}"], [(string) $row['n'], $row['text']]);
    $count++;
}
same($count, count($table));
between($total->get() - 40, $total->get(), $count, 'rows: at most the last of each process is missing');
for ($n = 0; count($table) < 20_000; $n++) {
    same(true, $table->set("more$n", ['n' => $n]), 'it takes all of its maximum');
}
