<?php
// A missing file, a directory, one without permission, one of more than 4 MiB: the callback gets false, or the call does, with a reason.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$large = fopen(tmp('large'), 'w');
ftruncate($large, (4 << 20) + 1);
foreach ([tmp('none'), TEST_DIR, tmp('large'), "a\0b", ''] as $file) {
    $calls = [];
    [$result, $messages] = warnings(function () use ($file, &$calls) {
        try {
            $result = swoole_async_readfile($file, function (...$arguments) use (&$calls) {
                $calls[] = $arguments;
            });
        } catch (ValueError $e) {
            $result = false;
            trigger_error($e->getMessage(), E_USER_WARNING);
        }
        loop();
        return $result;
    });
    same(1, count($messages), "warnings about '$file'");
    same($result === false ? [] : [[$file, false]], $calls, "what '$file' gives");
    $result === false || contains($file, $messages[0]);
}
throws(TypeError::class, fn () => swoole_async_readfile(tmp('large'), 'no such function'));
