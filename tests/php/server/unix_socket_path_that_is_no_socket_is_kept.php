<?php
// A path that holds an ordinary file is refused; the file is not removed.
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), 'precious');
$e = throws(Swoole\Exception::class, fn () => new Swoole\Server(tmp('file'), 0, MODE, SWOOLE_SOCK_UNIX_STREAM));
contains('file', $e->getMessage());
same('precious', file_get_contents(tmp('file')));
