<?php
// examples/php/epoll_server.php answers, also while thousands are connected and silent.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$program = (new Program('epoll_server', [$port = freePort()]))->listening($port);
$idle = [];
for ($n = 0; $n < 2000; $n++) {
    $idle[] = stream_socket_client("tcp://127.0.0.1:$port");
}
for ($n = 0; $n < 20; $n++) {
    same('Hi', file_get_contents("http://127.0.0.1:$port/"));
}
$idle = [];
eventually(fn () => count(scandir("/proc/$program->pid/fd")) < 50, 'the ends of all are noticed');
same("web server on port $port\n", $program->output());
$program->stop();
