<?php
// A stream whose bytes lie in PHP's own read buffer is readable, though the kernel has nothing more for it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($other, "line 1\nline 2\n");
same("line 1\n", fgets($one));
$read = [$one];
$none = null;
same(1, swoole_select($read, $none, $none, 0.01));
same("line 2\n", fgets($one));
same(0, swoole_select($read, $none, $none, 0.01));
