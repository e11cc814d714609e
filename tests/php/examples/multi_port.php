<?php
// examples/php/multi_port.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('multi_port', ['SWOOLE_SOCKET' => tmp('admin')]);
$client = $srv->connect();
same("olleh\n", $client->write("hello\n")->readTo());
$admin = new Client('unix://' . tmp('admin'));
same('1', $admin->askLine('count'));
same(2, json_decode($admin->askLine('stats'), true)['connection_num']);
same('stats, count, reload or shutdown', $admin->askLine('help'));
preg_match_all('/listening on 127.0.0.1:(\d+)/', $srv->output(), $ports);
$datagrams = new Client("udp://127.0.0.1:{$ports[1][1]}");
ok($datagrams->askPacket('x') !== '', 'datagrams are answered');
same('true', $admin->askLine('shutdown'));
$srv->ended();
