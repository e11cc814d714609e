<?php
// Processes work under opcache with its JIT: closures, exit codes and the loop of the child.
// mode: any
// php: -d zend_extension=opcache -d opcache.enable_cli=1 -d opcache.jit=tracing -d opcache.jit_buffer_size=32M
require __DIR__ . '/../../support/php/bootstrap.php';

$work = function (Swoole\Process $process) {
    for ($n = 0, $sum = 0; $n < 100_000; $n++) {
        $sum += $n % 7;
    }
    $process->write((string) $sum);
    swoole_timer_after(1, fn () => exit(13));
};
for ($n = 0; $n < 3; $n++) {
    $process = new Swoole\Process($work);
    $process->start();
    same('299995', $process->read());
    same(13, Swoole\Process::wait()['code']);
}
