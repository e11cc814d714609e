<?php
// Children do not draw the same random numbers, though mt_rand() was used before they were forked.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

mt_rand();
$drawn = [];
for ($n = 0; $n < 5; $n++) {
    $process = new Swoole\Process(fn ($process) => $process->write(mt_rand() . ' ' . rand() . ' ' . bin2hex(random_bytes(4)) . ' ' . mt_rand()));
    $process->start();
    array_push($drawn, ...explode(' ', $process->read()));
    Swoole\Process::wait();
}
same(20, count(array_unique($drawn)), 'different numbers');
