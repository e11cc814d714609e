<?php
// A server that is made and never started removes its Unix socket file, and a path can be used again as another kind of socket.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$path = tmp('socket');
foreach ([SWOOLE_SOCK_UNIX_STREAM, SWOOLE_SOCK_UNIX_DGRAM, SWOOLE_SOCK_UNIX_STREAM] as $type) {
    $server = new Swoole\Server($path, 0, SWOOLE_PROCESS, $type);
    ok(file_exists($path), 'it is bound');
    unset($server);
    gc_collect_cycles();
    ok(!file_exists($path), 'it is gone');
}
// One that a killed process left behind is replaced, whatever its kind.
socket_bind(socket_create(AF_UNIX, SOCK_STREAM, 0), $path);
$server = new Swoole\Server($path, 0, SWOOLE_PROCESS, SWOOLE_SOCK_UNIX_DGRAM);
same($path, $server->host);
