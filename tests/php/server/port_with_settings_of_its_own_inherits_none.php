<?php
// Once set() was called on a port, it takes nothing from the server's settings.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_eof_split' => true, 'package_eof' => "\n"]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "<$data>"));
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP)->set(['backlog' => 64]);
});
same("<a\nb\n>", $srv->connect(1)->write("a\nb\n")->read(6));
same("<a\n><b\n>", $srv->connect(0)->write("a\nb\n")->read(8));
$srv->stop();
