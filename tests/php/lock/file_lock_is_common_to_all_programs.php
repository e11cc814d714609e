<?php
// A file lock keeps out programs that have nothing else in common, by flock(2); the file is made if it is missing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$lock = new Swoole\Lock(SWOOLE_FILELOCK, tmp('lock'));
ok(file_exists(tmp('lock')), 'the file is made');
$flock = fn () => script('$file = fopen(' . var_export(tmp('lock'), true) . ', "r+"); echo flock($file, LOCK_EX | LOCK_NB) ? "got it" : "held";')[1];
same('got it', $flock());
$lock->lock();
same('held', $flock());
$lock->unlock();
same('got it', $flock());
$file = fopen(tmp('lock'), 'r+');
flock($file, LOCK_EX);
same(false, $lock->trylock());
flock($file, LOCK_UN);
same([true, true], [$lock->trylock(), $lock->unlock()]);
