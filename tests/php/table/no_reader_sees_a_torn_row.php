<?php
// A row that several processes set all the time is always read as one of them wrote it, whole.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(8, ['a' => 'int8', 'text' => 200, 'b' => 'int8', 'f' => 'float']);
$row = fn (int $n) => ['a' => $n, 'text' => str_repeat(chr(97 + $n % 26), $n % 200), 'b' => $n * 7, 'f' => $n * 0.5];
$table['k'] = $row(0);
$counts = together(4, function (int $number) use ($table, $row) {
    $end = hrtime(true) + 0.4e9;
    $values = [];
    for ($n = 0; hrtime(true) < $end; $n++) {
        if ($number < 2) {
            $table->set('k', $row($n * 2 + $number));
        } else {
            $got = $table->get('k');
            $got === $row($got['a']) || throw new Failed('torn: ' . json_encode($got));
            $values[$got['a']] = true;
        }
    }
    return $number < 2 ? $n : count($values);
});
ok(min($counts) > 1, 'writers wrote and readers saw changes: ' . json_encode($counts));
