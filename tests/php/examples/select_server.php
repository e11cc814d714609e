<?php
// examples/php/select_server.php: by socket_select() it answers a few; by swoole_select() also while 1,500 others are connected.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['socket_select', 'swoole_select'] as $select) {
    $program = (new Program('select_server', [$port = freePort(), $select]))->listening($port);
    $idle = [];
    for ($n = 0; $n < ($select === 'swoole_select' ? 1500 : 100); $n++) {
        $idle[] = stream_socket_client("tcp://127.0.0.1:$port");
    }
    $before = count($idle);
    eventually(fn () => count(scandir("/proc/$program->pid/fd")) > $before, 'all are accepted');
    for ($n = 0; $n < 5; $n++) {
        same('hello world', file_get_contents("http://127.0.0.1:$port/"));
    }
    $idle = [];
    eventually(fn () => count(scandir("/proc/$program->pid/fd")) < 50, 'the ends of all are noticed');
    same('hello world', file_get_contents("http://127.0.0.1:$port/"));
    same("web server on port $port, by $select()\n", $program->output());
    $program->stop();
}
