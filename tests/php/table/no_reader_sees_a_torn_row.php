<?php
// A row that several processes set all the time is always read as one of them wrote it, whole.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(8, ['a' => 'int8', 'text' => 200, 'b' => 'int8', 'f' => 'float']);
$row = fn (int $n) => ['a' => $n, 'text' => str_repeat(chr(97 + $n % 26), $n % 200), 'b' => $n * 7, 'f' => $n * 0.5];
$table['k'] = $row(0);
$reading = new Swoole\Atomic(2);
together(4, function (int $number) use ($table, $row, $reading) {
    $end = hrtime(true) + PATIENCE * 1e9;
    if ($number < 2) {
        for ($n = 0; $reading->get() > 0 && hrtime(true) < $end; $n++) {
            $table->set('k', $row($n * 2 + $number));
        }
        return;
    }
    $values = [];
    for ($n = 0; ($n < 20_000 || count($values) < 20) && hrtime(true) < $end; $n++) {
        $got = $table->get('k');
        $got === $row($got['a']) || throw new Failed('torn: ' . json_encode($got));
        $values[$got['a']] = true;
    }
    $reading->sub();
    ok(count($values) >= 20, 'the reader saw the writers at work');
});
