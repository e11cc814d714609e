<?php
// A buffer puts messages together that come in any pieces.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$messages = array_map(fn ($n) => str_repeat(chr(97 + $n % 26), $n * 7 % 300), range(1, 200));
$stream = implode('', array_map(fn ($message) => pack('n', strlen($message)) . $message, $messages));
$buffer = new Swoole\Buffer(64);
$got = [];
mt_srand(5);
for ($at = 0; $at < strlen($stream); $at += strlen($piece)) {
    $piece = substr($stream, $at, mt_rand(1, 500));
    $buffer->append($piece);
    while ($buffer->length >= 2 && $buffer->length >= 2 + $length = unpack('n', $buffer->read(0, 2))[1]) {
        $got[] = substr($buffer->substr(0, 2 + $length, true), 2);
    }
}
same($messages, $got);
same(0, $buffer->length);
