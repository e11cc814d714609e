<?php
// A socket file left by a server that was killed does not keep the next one from starting.
require __DIR__ . '/../../support/php/bootstrap.php';

$path = tmp('socket');
$first = serve(echoes(...), host: $path, type: SWOOLE_SOCK_UNIX_STREAM);
$children = $first->children();
$first->kill();
eventually(fn () => !array_filter($children, alive(...)), 'the first server is gone');
ok(file_exists($path), 'the socket file is left behind');
$second = serve(echoes(...), host: $path, type: SWOOLE_SOCK_UNIX_STREAM);
same('hello', $second->connect()->ask('hello'));
$second->stop();
