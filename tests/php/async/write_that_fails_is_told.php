<?php
// A full disk, a directory, a folder that is not there: the callback gets false, or the call does, with a reason; without a callback too.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['/dev/full', TEST_DIR, tmp('no/such/folder/file')] as $file) {
    foreach (['swoole_async_writefile', 'swoole_async_write'] as $function) {
        foreach ([true, false] as $hears) {
            $calls = [];
            $callback = function ($file, $length) use (&$calls) {
                $calls[] = $length;
            };
            [$result, $messages] = warnings(function () use ($function, $file, $callback, $hears) {
                $more = $function === 'swoole_async_write' ? [-1] : [];
                $result = $function($file, 'content', ...$more, ...($hears ? [$callback] : []));
                loop();
                return $result;
            });
            same(1, count($messages), "warnings of $function to $file");
            contains($file, $messages[0]);
            same($result === false || !$hears ? [] : [false], $calls, "what $function to $file tells");
        }
    }
}

// The limit of file sizes ends no process: what went is kept, the callback is told.
[$code, $output] = script('
    foreach (["swoole_async_write", "swoole_async_writefile"] as $n => $function) {
        $more = $n ? [] : [0];
        $function($file = getenv("FILE") . $n, str_repeat("x", 1 << 20), ...[...$more, fn ($file, $length) => print var_export($length, true) . " " . swoole_last_error() . " " . filesize($file) . "\n"]);
    }', ['FILE' => tmp('limited')], prefix: ['sh', '-c', 'ulimit -f 16; exec "$@"', 'sh']);
same(0, $code, $output);
same(2, preg_match_all('/^false 27 (8192|16384)$/m', $output), $output);
