<?php
// Keys are any bytes of 0 to 64, numbers as text; keys that begin alike are different rows.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(600, ['n' => 'int']);
$keys = ['', '0', 'a', "a\0", "a\0b", "\0", "\xff\xfe", str_repeat('x', 63), str_repeat('x', 64), '12', '012', 'A', ' a'];
foreach ($keys as $n => $key) {
    same(true, $table->set($key, ['n' => $n]));
}
same(count($keys), count($table));
foreach ($keys as $n => $key) {
    same($n, $table->get($key, 'n'), bin2hex($key));
}
same(9, $table->get(12, 'n'), 'a number is its text');
$found = [];
foreach ($table as $key => $row) {
    same('string', gettype($key), 'type of a key');
    $found[$row['n']] = $key;
}
ksort($found);
same($keys, $found);
