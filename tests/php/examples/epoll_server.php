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
    $client = new Client("tcp://127.0.0.1:$port");
    same("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nHi", $client->write("GET / HTTP/1.0\r\n\r\n")->rest());
}
$idle = [];
eventually(fn () => count(scandir("/proc/$program->pid/fd")) < 50, 'the ends of all are noticed');
same("web server on port $port\n", $program->output());
$program->stop();
