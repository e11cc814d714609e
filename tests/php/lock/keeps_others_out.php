<?php
// A lock of each kind is held by one process at a time: many processes that read, add and write lose nothing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (exclusiveLocks() as $kind => $lock) {
    file_put_contents(tmp('sum'), '0');
    $rounds = 150;
    together(4, function () use ($lock, $rounds) {
        for ($n = 0; $n < $rounds; $n++) {
            same(true, $lock->lock());
            $sum = (int) file_get_contents(tmp('sum'));
            file_put_contents(tmp('sum'), $sum + 1);
            same(true, $lock->unlock());
        }
    });
    same((string) (4 * $rounds), file_get_contents(tmp('sum')), $kind);
}
