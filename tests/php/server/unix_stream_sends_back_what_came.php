<?php
// A Unix stream socket.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(echoes(...), host: tmp('socket'), type: SWOOLE_SOCK_UNIX_STREAM);
same('hello', $srv->connect()->ask('hello'));
$srv->stop();
