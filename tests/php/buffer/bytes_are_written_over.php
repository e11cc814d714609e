<?php
// write() writes over what is there, grows at the end, and never leaves a hole.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$buffer = new Swoole\Buffer(16);
$buffer->append('0123456789');
ok($buffer->write(2, 'ab') !== false, 'inside');
same('01ab456789', (string) $buffer);
ok($buffer->write(-2, 'yz') !== false, 'counted from the end');
same('01ab4567yz', (string) $buffer);
ok($buffer->write(8, 'longer') !== false, 'over the end');
same(['01ab4567longer', 14], [(string) $buffer, $buffer->length]);
ok($buffer->write(14, str_repeat('x', 100)) !== false, 'at the end: it grows');
same('01ab4567longer' . str_repeat('x', 100), (string) $buffer);
[$answer, [$warning]] = warnings(fn () => $buffer->write(115, 'x'));
same([false, 114], [$answer, $buffer->length]);
contains('115', $warning);
contains('114', $warning);
