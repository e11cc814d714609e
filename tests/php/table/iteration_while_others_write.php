<?php
// While other processes set, change and delete rows, foreach gives each row that is there all the time exactly once, and no row torn.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(4000, ['a' => 'int8', 'b' => 'int8', 'text' => 40]);
$row = fn (int $n) => ['a' => $n, 'b' => -$n, 'text' => str_repeat(chr(97 + $n % 26), $n % 41)];
for ($n = 0; $n < 500; $n++) {
    $table["stays$n"] = $row($n);
}
$results = together(3, function (int $number) use ($table, $row) {
    $end = hrtime(true) + 0.5e9;
    if ($number > 0) {
        for ($n = 0; hrtime(true) < $end; $n++) {
            $key = $number . '-' . $n % 300;
            $n % 3 === 2 ? $table->del($key) : $table->set($key, $row($n));
            $table->set('stays' . $n % 500, $row($n));
        }
        return $n;
    }
    for ($rounds = 0; hrtime(true) < $end; $rounds++) {
        $stays = [];
        foreach ($table as $key => $got) {
            $wanted = $row($got['a']);
            $wanted === $got || throw new Failed("torn: " . json_encode($got));
            if (str_starts_with($key, 'stays')) {
                $stays[$key] = ($stays[$key] ?? 0) + 1;
            }
        }
        same([500, 1], [count($stays), max($stays)]);
    }
    return $rounds;
});
ok(min($results) > 0, 'all did something: ' . json_encode($results));
