<?php
// Mmap::open() gives a stream over a file: read, write, seek, tell, end, in place and never longer than the file.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), str_repeat('.', 100));
$stream = Swoole\Mmap::open(tmp('file'));
same(['resource', 'stream'], [gettype($stream), get_resource_type($stream)]);
same([5, 5], [fwrite($stream, 'hello'), ftell($stream)]);
same(true, fflush($stream));
same('hello.....', substr(file_get_contents(tmp('file')), 0, 10));
same([0, 'hello..'], [fseek($stream, 0), fread($stream, 7)]);
same([0, -1], [fseek($stream, -3, SEEK_END), @fseek($stream, 1, SEEK_END)], 'not beyond its end');
fseek($stream, 98);
same(2, fwrite($stream, 'four'), 'what fits');
same(100, filesize(tmp('file')));
fseek($stream, 0);
same(str_repeat('.', 0) . 'hello' . str_repeat('.', 93) . 'fo', stream_get_contents($stream));
same([true, ''], [feof($stream), fread($stream, 10)]);
same(true, fclose($stream));
throws(TypeError::class, fn () => fread($stream, 1));
same((new ReflectionClass('swoole_mmap'))->getName(), Swoole\Mmap::class);
