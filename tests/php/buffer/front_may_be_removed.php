<?php
// substr() with remove gives up what it gave, at the front only; recycle() makes its room free again, clear() gives up everything.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$buffer = new Swoole\Buffer(64);
$buffer->append('abcdefghij');
same(['abc', 7, 'defghij'], [$buffer->substr(0, 3, true), $buffer->length, (string) $buffer]);
same(['d', 'ef'], [$buffer->read(0, 1), $buffer->substr(1, 2)], 'positions count from the new front');
[$answer, [$warning]] = warnings(fn () => $buffer->substr(2, 2, true));
same([false, 'defghij'], [$answer, (string) $buffer]);
contains('2', $warning);
$buffer->recycle();
same([64, 'defghij', 7], [$buffer->capacity, (string) $buffer, $buffer->length]);
same(['defghij', 0, ''], [$buffer->substr(0, -1, true), $buffer->length, (string) $buffer]);
$buffer->append('more');
$buffer->clear();
same([0, ''], [$buffer->length, (string) $buffer]);
same(3, $buffer->append('new'));
for ($n = 0; $n < 10_000; $n++) {
    $buffer->append('0123456789');
    $buffer->substr(0, 10, true);
    $buffer->recycle();
}
between(1, 4096, $buffer->capacity, 'bytes of room after many rounds');
