<?php
// A stream pipe carries bytes without borders: read() gives up to as many as asked for, and megabytes go both ways at their pace.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    for ($length = 0, $hash = hash_init('crc32b'); $length < 3_000_000; $length += strlen($part)) {
        between(1, 65536, strlen($part = $process->read(65536)), 'bytes read at once');
        hash_update($hash, $part);
    }
    $process->write(hash_final($hash));
    $process->write(str_repeat('y', 2_000_000));
}, false, Swoole\Process::PIPE_TYPE_STREAM);
$process->start();
$data = random_bytes(3_000_000);
same(3_000_000, $process->write(substr($data, 0, 10)) + $process->write(substr($data, 10)));
same(hash('crc32b', $data), $process->read(8));
for ($length = 0; $length < 2_000_000; $length += strlen($part)) {
    $part = $process->read();
    between(1, 8192, strlen($part), 'bytes of a read() without a size');
}
same(0, Swoole\Process::wait()['code']);
