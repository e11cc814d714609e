<?php
// A further port on which nothing was set takes the server's callbacks and settings.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_eof_split' => true, 'package_eof' => "\n"]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "<$data>"));
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
});
same("<a\n><b\n>", $srv->connect(1)->write("a\nb\n")->read(8));
$srv->stop();
