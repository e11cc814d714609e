<?php
// swoole_async_read(): chunk after chunk of the asked size, from an offset, an empty one at the end; false stops it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$content = random_bytes(200_000);
file_put_contents(tmp('file'), $content);
$read = function (array $arguments, int $stopAfter = PHP_INT_MAX) {
    $chunks = [];
    same(true, swoole_async_read(tmp('file'), function ($file, $chunk) use (&$chunks, $stopAfter) {
        same(tmp('file'), $file);
        $chunks[] = $chunk;
        return count($chunks) < $stopAfter;
    }, ...$arguments));
    loop();
    return $chunks;
};
foreach ([[], [1000], [65536, 100], [150_000, 100_000], [1 << 20]] as $arguments) {
    [$size, $offset] = $arguments + [65536, 0];
    $part = substr($content, $offset);
    same([...str_split($part, $size), ''], $read($arguments), json_encode($arguments));
}
same([''], $read([100, 200_000]));
same(str_split(substr($content, 0, 3000), 1000), $read([1000], 3));
