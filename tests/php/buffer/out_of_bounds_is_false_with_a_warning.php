<?php
// What lies outside is false with a warning that tells offset, length and what there is; so are sizes that make no sense.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$buffer = new Swoole\Buffer(16);
$buffer->append('0123456789');
foreach ([fn () => $buffer->read(5, 6), fn () => $buffer->read(11, 1), fn () => $buffer->read(-11, 1), fn () => $buffer->substr(0, 11), fn () => $buffer->substr(0, 11, true), fn () => $buffer->read(0, -3),
    fn () => $buffer->write(-11, 'x'), fn () => $buffer->expand(16), fn () => $buffer->expand(-1), fn () => $buffer->expand(PHP_INT_MAX)] as $n => $action) {
    [$answer, $warnings] = warnings($action);
    same([false, 1], [$answer, count($warnings)], "action $n: " . implode(', ', $warnings));
    same([10, 16, '0123456789'], [$buffer->length, $buffer->capacity, (string) $buffer]);
}
contains('10', warnings(fn () => $buffer->read(5, 6))[1][0]);
same(40, $buffer->expand(40) === false ? 0 : $buffer->capacity);
same('0123456789', (string) $buffer);
foreach ([0, -1, 1 << 40] as $size) {
    contains((string) $size, throws(Throwable::class, fn () => new Swoole\Buffer($size))->getMessage());
}
