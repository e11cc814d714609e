<?php
// A package of 1 MiB comes out as one.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_eof_split' => true, 'package_eof' => "\n", 'package_max_length' => 2 << 20]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, strlen($data) . ' ' . md5($data) . "\n"));
});
$data = str_repeat('0123456789abcde', 70000) . "\n";
same(strlen($data) . ' ' . md5($data) . "\n", $srv->connect()->write($data)->readTo());
$srv->stop();
