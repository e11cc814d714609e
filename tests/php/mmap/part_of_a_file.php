<?php
// With size and offset the stream is that part of the file; nothing outside of it can be reached.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), str_repeat('.', 10_000));
$stream = Swoole\Mmap::open(tmp('file'), 10, 5000);
same(10, fwrite($stream, str_repeat('x', 50)));
rewind($stream);
same(str_repeat('x', 10), stream_get_contents($stream));
fclose($stream);
same(str_repeat('.', 5000) . str_repeat('x', 10) . str_repeat('.', 4990), file_get_contents(tmp('file')));
$tail = Swoole\Mmap::open(tmp('file'), -1, 9990);
same(str_repeat('.', 10), stream_get_contents($tail));
