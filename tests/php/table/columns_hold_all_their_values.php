<?php
// Each column holds every value of its type: integers of 1, 2, 4 and 8 bytes with their bounds, floats with infinities, strings of any bytes to their full length.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(64, ['b' => 'int1', 's' => 'int2', 'i' => 'int4', 'l' => 'int8', 'd' => 'int', 'f' => 'float', 'one' => 1, 'text' => 300]);
$bounds = ['b' => [-128, 127], 's' => [-32768, 32767], 'i' => [-2147483648, 2147483647], 'l' => [PHP_INT_MIN, PHP_INT_MAX], 'd' => [PHP_INT_MIN, PHP_INT_MAX]];
foreach ($bounds as $column => $values) {
    foreach ([...$values, 0, -1, 1] as $value) {
        $table->set('k', [$column => $value]);
        same($value, $table->get('k', $column), $column);
        same($value, $table->get('k')[$column], $column);
    }
}
foreach ([0.0, -0.0, 0.1, PHP_FLOAT_MAX, PHP_FLOAT_MIN, PHP_FLOAT_EPSILON, INF, -INF, 1e-310] as $value) {
    $table->set('k', ['f' => $value]);
    same(bin2hex(pack('E', $value)), bin2hex(pack('E', $table->get('k', 'f'))));
}
$table->set('k', ['f' => NAN]);
ok(is_nan($table->get('k', 'f')), 'not a number');
foreach (['', "\0", 'x', random_bytes(300), str_repeat("\0", 300), 'ümläut'] as $value) {
    $table->set('k', ['text' => $value]);
    same($value, $table->get('k', 'text'));
}
$all = ['b' => -5, 's' => 300, 'i' => -70000, 'l' => 1 << 40, 'd' => 5, 'f' => 0.5, 'one' => "\xff", 'text' => 'text'];
$table->set('all', $all);
same($all, $table->get('all'), 'columns lie beside one another, in the order they were declared');
