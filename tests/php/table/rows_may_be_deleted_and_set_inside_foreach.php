<?php
// Inside foreach rows may be deleted, also the present one and all of them, changed and set: each row that stays is given once.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$fill = function (Swoole\Table $table, int $rows): void {
    for ($n = 0; $n < $rows; $n++) {
        $table["k$n"] = ['n' => $n];
    }
};
$fill($table = table(4000, ['n' => 'int']), 1000);
$seen = [];
foreach ($table as $key => $row) {
    $seen[] = $row['n'];
    $table->del($key);
}
sort($seen);
same([range(0, 999), 0], [$seen, count($table)]);

$fill($table, 1000);
$seen = [];
foreach ($table as $key => $row) {
    $seen[$key] = ($seen[$key] ?? 0) + 1;
    if ($row['n'] % 2 === 0) {
        $table->del($key);
        $other = 'k' . ($row['n'] + 500) % 1000; // another even one, seen already or not
        $table->del($other);
    }
}
foreach (range(1, 999, 2) as $n) {
    same(1, $seen["k$n"] ?? 0, "times that k$n was given");
}
ok(max($seen) === 1, 'none twice');

$fill($table, 1000);
$seen = [];
foreach ($table as $key => $row) {
    if (str_starts_with($key, 'k')) {
        $seen[] = $row['n'];
        $table->incr($key, 'n', 10_000);
        count($table) < 3900 && $table->set("new-$key", ['n' => 1]);
    }
}
sort($seen);
same(range(0, 999), $seen, 'the old ones, each once, whatever is set meanwhile');
