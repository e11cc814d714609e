<?php
// A file that is missing, empty, a directory or not allowed, and a part that reaches beyond its end, are refused with the reason.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), str_repeat('.', 100));
touch(tmp('empty'));
$refused = function (string $part, mixed ...$arguments): void {
    [$answer, $warnings] = warnings(fn () => Swoole\Mmap::open(...$arguments));
    same([false, 1], [$answer, count($warnings)], json_encode($arguments));
    contains($part, $warnings[0]);
};
$refused('/no/such/file', '/no/such/file');
$refused(tmp('empty'), tmp('empty'));
$refused(TEST_DIR, TEST_DIR);
$refused('101', tmp('file'), 101);
$refused('100', tmp('file'), -1, 100);
$refused('95', tmp('file'), 10, 95);
$refused('-1', tmp('file'), 10, -1);
$refused('0', tmp('file'), 0);
same(100, filesize(tmp('file')));
