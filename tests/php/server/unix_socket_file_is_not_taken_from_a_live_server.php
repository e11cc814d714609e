<?php
// A second server on a path where one is listening is refused, and the first goes on.
require __DIR__ . '/../../support/php/bootstrap.php';

$path = tmp('socket');
$first = serve(echoes(...), host: $path, type: SWOOLE_SOCK_UNIX_STREAM);
[$code, $output] = inChild(function () use ($path) {
    try {
        new Swoole\Server($path, 0, MODE, SWOOLE_SOCK_UNIX_STREAM);
        echo 'made';
    } catch (Swoole\Exception $e) {
        echo 'refused ', $e->getCode();
    }
});
same('refused ' . SOCKET_EADDRINUSE, $output);
same('hello', $first->connect()->ask('hello'));
$first->stop();
