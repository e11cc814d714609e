<?php
// swoole_async_readfile(): the callback gets name and content; up to 4 MiB; the loop ends after.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$contents = ['empty' => '', 'short' => "a\0b\n", 'long' => random_bytes(4 << 20)];
$got = [];
foreach ($contents as $name => $content) {
    file_put_contents(tmp($name), $content);
    same(true, swoole_async_readfile(tmp($name), function ($file, $content) use ($name, &$got) {
        same(tmp($name), $file);
        $got[$name] = $content;
    }));
}
same([], $got, 'nothing is called before the loop runs');
loop();
ksort($got);
ksort($contents);
ok($got === $contents, 'the contents of ' . implode(', ', array_keys($got)));
