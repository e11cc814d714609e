<?php
// read() cuts nothing off: it says how long the datagram is, and the next read with room for it gets it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $process = new Swoole\Process(function (Swoole\Process $process) {
        [$answer, [$warning]] = warnings(fn () => $process->read(11));
        note('read', $answer, $warning, swoole_last_error(), $process->read(12));
        $process->read();
    });
    $server->addProcess($process);
    echoes($server);
    $process->write('twelve bytes');
});
[$answer, $warning, $error, $whole] = $srv->await('read');
same([false, SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE, 'twelve bytes'], [$answer, $error, $whole]);
contains('has 12 bytes and at most 11', $warning);
$srv->stop();
