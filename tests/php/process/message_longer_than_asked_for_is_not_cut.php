<?php
// pop() gives a message whole, also when fewer bytes were asked for; a size that makes no sense is refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(fn () => null);
$process->useQueue(-1);
try {
    $process->push('twelve bytes');
    same('twelve bytes', $process->pop(4));
    foreach ([0, -1] as $size) {
        [$answer, [$warning]] = warnings(fn () => $process->pop($size));
        same(false, $answer);
        contains((string) $size, $warning);
    }
} finally {
    $process->freeQueue();
}
