<?php
// A clean shutdown takes its socket file away.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(echoes(...), host: tmp('socket'), type: SWOOLE_SOCK_UNIX_STREAM);
ok(file_exists(tmp('socket')), 'the file is there while the server runs');
$srv->stop();
ok(!file_exists(tmp('socket')), 'the file is gone');
