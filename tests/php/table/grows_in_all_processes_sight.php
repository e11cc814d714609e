<?php
// A growable table goes on taking rows up to its maximum, whichever process sets them; processes that were there before see them all.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(100, ['n' => 'int'], 5000);
same(100, $table->size);
$reader = new Sibling(function (Sibling $test) use ($table) {
    for ($n = 0; $n < 3; $n++) {
        $test->hear();
        $sum = 0;
        foreach ($table as $row) {
            $sum += $row['n'];
        }
        $test->say([count($table), $sum]);
    }
    $table->set('from the reader', ['n' => 1]);
});
foreach ([[0, 100], [100, 2500]] as [$from, $to]) {
    for ($n = $from; $n < $to; $n++) {
        same(true, $table->set("$n", ['n' => $n]));
    }
    $reader->say('look');
    same([$to, $to * ($to - 1) / 2], $reader->hear());
}
together(4, function ($number) use ($table) {
    for ($n = 2500 + $number; $n < 4999; $n += 4) {
        same(true, $table->set("$n", ['n' => $n]));
    }
});
$reader->say('look');
same([4999, 4999 * 4998 / 2], $reader->hear());
$reader->result();
same([5000, true], [count($table), $table->exist('from the reader')]);
[$answer, [$warning]] = warnings(fn () => $table->set('one more', ['n' => 1]));
same(false, $answer);
contains('5000', $warning);
$stats = $table->stats();
same([5000, 5000, 1], [$stats['num'], $stats['max_capacity'], $stats['refused_count']]);
ok($stats['growth_count'] > 0, 'it has grown');
