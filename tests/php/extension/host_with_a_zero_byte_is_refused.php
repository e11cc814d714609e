<?php
// A host or path with a zero byte, or that is not UTF-8, is refused: it would name something else.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([tmp("a\0b"), tmp("\xff")] as $path) {
    $thrown = throws(Swoole\Exception::class, fn () => new Swoole\Server($path, 0, MODE, SWOOLE_SOCK_UNIX_STREAM));
    contains('zero byte', $thrown->getMessage());
}
$server = new Swoole\Server('127.0.0.1');
[$port, $messages] = warnings(fn () => $server->listen(tmp("a\0b"), 0, SWOOLE_SOCK_UNIX_STREAM));
same([false, 1], [$port, count($messages)]);
ok(!file_exists(tmp('a')), 'nothing was made');
