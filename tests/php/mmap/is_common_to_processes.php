<?php
// What one process writes through its stream another reads through its own, and through the file. A file that is cut meanwhile is the end, or an error, and no crash.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), str_repeat('.', 8192));
$stream = Swoole\Mmap::open(tmp('file'));
$other = new Sibling(function (Sibling $test) {
    $stream = Swoole\Mmap::open(tmp('file'));
    fwrite($stream, 'from the other process');
    fflush($stream);
    $test->say('written');
    $test->hear();
    rewind($stream);
    return fread($stream, 12);
});
same('written', $other->hear());
same('from the other process', fread($stream, 22));
rewind($stream);
fwrite($stream, 'from the one');
fflush($stream);
$other->say('read');
same('from the one', $other->result());

ftruncate(fopen(tmp('file'), 'r+'), 10);
[$answer] = warnings(function () use ($stream) {
    fseek($stream, 5000);
    return fread($stream, 10);
});
ok($answer === '' || $answer === false, 'nothing is read behind the end: ' . var_export($answer, true));
