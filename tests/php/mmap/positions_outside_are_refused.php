<?php
// A position before or behind the window is refused, in words, and the position stays.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), '0123456789');
$window = Swoole\Mmap::open(tmp('file'));
fseek($window, 4);
foreach ([[-1, SEEK_SET, 'position -1 '], [11, SEEK_SET, 'position 11 '], [1, SEEK_END, '+1 from the end']] as [$offset, $from, $said]) {
    [$answer, $warnings] = warnings(fn () => fseek($window, $offset, $from));
    same([-1, 4], [$answer, ftell($window)]);
    contains($said, $warnings[0]);
}
