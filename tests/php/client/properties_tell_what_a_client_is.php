<?php
// type, setting, sock, errCode, id, reuse and reuseCount, from the constructor to close().
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
same([SWOOLE_SOCK_TCP, -1, 0, false, 0], [$client->type, $client->sock, $client->errCode, $client->reuse, $client->reuseCount]);
same(true, $client->set(['open_eof_check' => true, 'package_eof' => "\n"]));
same(true, $client->set(['package_max_length' => 1 << 20]));
same(['open_eof_check' => true, 'package_eof' => "\n", 'package_max_length' => 1 << 20], $client->setting);
$client->connect('127.0.0.1', $port, PATIENCE);
ok($client->sock > 2, "the descriptor: $client->sock");
matches('/^socket:/', readlink("/proc/self/fd/$client->sock"));
$descriptor = $client->sock;
$client->close();
same(-1, $client->sock);
ok(@readlink("/proc/self/fd/$descriptor") === false, 'the descriptor is closed');
same('Swoole\Client', get_class(new swoole_client(SWOOLE_TCP)));
$descriptors = count(scandir('/proc/self/fd'));
(function () use ($port) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP);
    $client->connect('127.0.0.1', $port, PATIENCE);
})();
same($descriptors, count(scandir('/proc/self/fd')), 'open descriptors after a client is gone');
