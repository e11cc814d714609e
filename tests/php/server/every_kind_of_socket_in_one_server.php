<?php
// One server with a port of each kind, four of them on port 0 and with protocols of their own: each answers as its own.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_eof_split' => true, 'package_eof' => "\n"]);
    $tcp6 = $server->listen('::1', 0, SWOOLE_SOCK_TCP6);
    $tcp6->set(['open_length_check' => true, 'package_length_type' => 'n', 'package_body_offset' => 2]);
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
    $server->listen('::1', 0, SWOOLE_SOCK_UDP6);
    $stream = $server->listen(tmp('stream'), 0, SWOOLE_SOCK_UNIX_STREAM);
    $stream->set(['open_eof_split' => false]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $info = $server->getClientInfo($fd);
        note('type', $info['socket_type'], $info['server_port'], $info['remote_ip'], $data);
        $server->send($fd, $data);
    });
    $server->on('packet', fn ($server, $data, $from) => $server->sendto($from['address'], $from['port'], "{$from['server_port']}", $from['server_socket']));
});
$numbers = array_column($srv->ports, 1);
ok(count(array_unique(array_slice($numbers, 0, 2))) === 2 && min(array_slice($numbers, 0, 4)) > 0, 'ports of their own: ' . json_encode($numbers));
$client = $srv->connect(0)->write("a\nb");
same("a\n", $client->read(2));
$client->silent(0.1);
same("b\n", $client->ask("\n", 2));
same([SWOOLE_SOCK_TCP, $numbers[0], '127.0.0.1', "a\n"], $srv->await('type'));
$client = $srv->connect(1)->write("\0\3xyz\0");
same("\0\3xyz", $client->read(5));
same("\0\1w", $client->ask("\1w", 3));
same([SWOOLE_SOCK_TCP6, $numbers[1], '::1', "\0\3xyz"], $srv->await('type', 3));
same((string) $numbers[2], $srv->connect(2)->askPacket('x'));
same((string) $numbers[3], $srv->connect(3)->askPacket('x'));
same('raw', $srv->connect(4)->ask('raw'));
same([SWOOLE_SOCK_UNIX_STREAM, 0, '', 'raw'], $srv->await('type', 5));
$srv->stop();
