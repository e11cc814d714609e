<?php
// package_max_length: a longer package closes its connection, the log says why, and others go on. For each protocol.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_length_check' => true, 'package_length_type' => 'N', 'package_body_offset' => 4, 'package_max_length' => 100000]);
    $eof = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $eof->set(['open_eof_split' => true, 'package_eof' => "\n", 'package_max_length' => 100000]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, strlen($data) . "\n"));
    $server->on('close', fn ($server, $fd, $reactor) => note('close', $reactor < 0));
});
$well = $srv->connect();
$srv->connect()->write(pack('N', 99997) . 'x')->closed();
$srv->await('close');
$client = $srv->connect();
same("100000\n", $client->write(pack('N', 99996) . str_repeat('x', 99996))->readTo());
$endless = $srv->connect(1);
$endless->tryWrite(str_repeat('x', 100001));
$endless->closed();
$srv->await('close', 2);
$srv->expect('/package_max_length|too (long|large)/i');
same("5\n", $well->write(pack('N', 1) . 'x')->readTo());
$srv->stop();
