<?php
// An error handler that is called for a stream cannot close it under the function that works with it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), str_repeat('.', 100));
$window = Swoole\Mmap::open(tmp('file'));
file_put_contents(tmp('file'), '');
$closed = [];
set_error_handler(function ($level, $message) use ($window, &$closed) {
    $closed[] = @fclose($window);
    return true;
});
fread($window, 10);
same([false], array_slice($closed, 0, 1));
ok(is_resource($window), 'the stream is there');
restore_error_handler();
ok(fclose($window), 'it can be closed afterwards');
