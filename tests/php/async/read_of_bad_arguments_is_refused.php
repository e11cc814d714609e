<?php
// Chunks of 0, -1 or more than a mebibyte, negative offsets, missing files: a warning and false, never silence.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), 'content');
foreach ([[tmp('file'), 0], [tmp('file'), -1], [tmp('file'), (1 << 20) + 1], [tmp('file'), 10, -1], [tmp('none')], [TEST_DIR]] as $arguments) {
    [$file, $chunk, $offset] = $arguments + [1 => null, 2 => null];
    $calls = [];
    [$result, $messages] = warnings(function () use ($file, $chunk, $offset, &$calls) {
        $result = swoole_async_read($file, function ($file, $chunk) use (&$calls) {
            $calls[] = $chunk;
            return true;
        }, $chunk ?? 100, $offset ?? 0);
        loop();
        return $result;
    });
    same(1, count($messages), json_encode([$file, $chunk, $offset]));
    same($result === false ? [] : [false], $calls);
}
