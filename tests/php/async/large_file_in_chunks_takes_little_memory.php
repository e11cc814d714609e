<?php
// A file of 100 MB, far more than memory_limit, is read and written in chunks: one chunk is in memory at a time.
// mode: any
// php: -d memory_limit=32M
require __DIR__ . '/../../support/php/bootstrap.php';

$chunk = random_bytes(1 << 20);
$size = 100;
$written = 0;
$write = function () use (&$write, &$written, $chunk, $size) {
    swoole_async_write(tmp('large'), $chunk, $written << 20, function ($file, $length) use ($write, &$written, $size) {
        same(1 << 20, $length);
        ++$written < $size && $write();
    });
};
$write();
loop();
clearstatcache();
same($size << 20, filesize(tmp('large')));
$hash = hash_init('crc32b');
memory_reset_peak_usage();
$before = memory_get_usage();
swoole_async_read(tmp('large'), function ($file, $part) use ($hash) {
    hash_update($hash, $part);
    return true;
}, 1 << 20);
loop();
between(0, 8 << 20, memory_get_peak_usage() - $before, 'bytes of memory at the peak');
$whole = hash_init('crc32b');
for ($n = 0; $n < $size; $n++) {
    hash_update($whole, $chunk);
}
same(hash_final($whole), hash_final($hash));
