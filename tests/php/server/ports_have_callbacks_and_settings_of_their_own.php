<?php
// Several ports in one server: each with its own protocol settings and callbacks.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $lines = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    ok($lines instanceof Swoole\Server\Port, 'listen() gives a port');
    $lines->set(['open_eof_split' => true, 'package_eof' => "\n"]);
    $lines->on('connect', fn ($server, $fd) => note('connect', 'lines', $server->getClientInfo($fd)['server_port']));
    $lines->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, 'line ' . $data));
    $lines->on('close', fn () => note('close', 'lines'));
    $counted = $server->addlistener('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $counted->set(['open_length_check' => true, 'package_length_type' => 'C', 'package_body_offset' => 1]);
    $counted->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, 'counted ' . substr($data, 1) . "\n"));
    $datagrams = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
    $datagrams->on('packet', fn ($server, $data, $from) => $server->sendto($from['address'], $from['port'], "datagram $data"));
    $server->on('connect', fn () => note('connect', 'first'));
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "raw $data\n"));
    $server->on('close', fn () => note('close', 'first'));
});
same("raw x\n", $srv->connect(0)->write('x')->readTo());
same(['connect', 'first'], ['connect', ...$srv->await('connect')]);
$client = $srv->connect(1)->write("one\ntw");
same("line one\n", $client->readTo());
same("line two\n", $client->write("o\n")->readTo());
$client->close();
ok(in_array(['lines', $srv->ports[1][1]], $srv->notes('connect')) || $srv->await('connect', 2), 'the port\'s own connect ran');
eventually(fn () => in_array(['lines'], $srv->notes('close')), "the port's own close ran");
$client = $srv->connect(2)->write("\3abc\2de");
same("counted abc\n", $client->readTo());
same("counted de\n", $client->readTo());
same('datagram d', $srv->connect(3)->askPacket('d'));
$srv->stop();
