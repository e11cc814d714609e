<?php
// The numbers below are the function's promise to those who store them.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

same(5381, swoole_hashcode(''));
same(193485963, swoole_hashcode('abc'));
same(5381 * 33, swoole_hashcode("\0"));
same(4148841322209539805, swoole_hashcode(str_repeat('abc', 100)));
foreach (range(1, 1000) as $length) {
    ok(swoole_hashcode(random_bytes($length)) >= 0, 'never negative');
}
[$answer, [$warning]] = warnings(fn () => swoole_hashcode('abc', 1));
same(false, $answer);
contains('unknown kind of hash 1', $warning);
