<?php
// append() adds at the end and gives the new length; read() and substr() give a part, from the end if the offset is negative; the buffer is a string, too.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$buffer = new Swoole\Buffer();
same([128, 0, ''], [$buffer->capacity, $buffer->length, (string) $buffer]);
same([5, 11], [$buffer->append('hello'), $buffer->append(" w\0rld")]);
same([11, "hello w\0rld"], [$buffer->length, (string) $buffer]);
same(['hello', "w\0rld", 'ell', 'ld', 'l'], [$buffer->substr(0, 5), $buffer->substr(6), $buffer->substr(1, 3), $buffer->substr(-2), $buffer->read(-2, 1)]);
same(['hello', "hello w\0rld"], [$buffer->read(0, 5), $buffer->substr(0)]);
same([11, 128], [$buffer->length, $buffer->capacity], 'reading takes nothing away');
$long = random_bytes(500_000);
same(500_011, $buffer->append($long));
ok($buffer->capacity >= 500_011, 'it grows');
same("hello w\0rld$long", (string) $buffer);
same((new ReflectionClass('swoole_buffer'))->getName(), $buffer::class);
