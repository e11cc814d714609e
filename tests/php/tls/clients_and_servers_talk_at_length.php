<?php
// Both clients with a server, in packages and megabytes: send, recv with its flags, sendfile, kept connections, certificates of clients.
require __DIR__ . '/../../support/php/bootstrap.php';

$authority = new Authority();
[$files, $own] = [$authority->issue(), $authority->issue('DNS:client')];
$srv = serve(function (Swoole\Server $server) use ($files, $authority) {
    $server->set($files + ['open_length_check' => true, 'package_max_length' => 20_000_000, 'socket_buffer_size' => 60_000_000]);
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP | SWOOLE_SSL)->set($files + ['ssl_client_cert_file' => $authority->file]);
    $server->on('connect', fn ($server, $fd) => note('connect', $fd));
    echoes($server);
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);
$packages = ['open_length_check' => true, 'package_max_length' => 20_000_000, 'socket_buffer_size' => 60_000_000, 'ssl_verify_peer' => true, 'ssl_cafile' => $authority->file];
$package = fn (int $length) => pack('N', $length) . ($length ? random_bytes($length) : '');

$client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
$client->set($packages);
ok($client->connect('127.0.0.1', $srv->port, PATIENCE), 'connected');
foreach ([0, 1, 16380, 16384, 100_000, 3_000_000] as $length) {
    $data = $package($length);
    same(strlen($data), $client->send($data));
    same(md5($data), md5($client->recv()), "$length bytes");
}
$client->send($package(3) . $package(5));
same([7, 7, 9], [strlen($client->recv(65536, Swoole\Client::MSG_PEEK)), strlen($client->recv()), strlen($client->recv())]);
file_put_contents($file = tmp('file'), $data = $package(2_000_000));
same(true, $client->sendfile($file));
same(md5($data), md5($client->recv()));
same(false, @$client->recv(100, Swoole\Client::MSG_DONTWAIT));
$client->close();

$raw = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
$raw->connect('127.0.0.1', $srv->port, PATIENCE);
$raw->send("\0\0\0\x05hello");
same("\0\0\0\x05h", $raw->recv(5, Swoole\Client::MSG_WAITALL));
same('ell', $raw->recv(3));
same('o', $raw->recv(10));

for ($n = 0; $n < 3; $n++) {
    $kept = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL | SWOOLE_KEEP);
    $kept->set($packages);
    $kept->connect('127.0.0.1', $srv->port, PATIENCE);
    same($n, $kept->reuseCount);
    $kept->send($package(3));
    same(7, strlen($kept->recv()));
    $kept->close();
}
$other = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL | SWOOLE_KEEP);
$other->connect('127.0.0.1', $srv->port, PATIENCE);
same(0, $other->reuseCount, 'a client with other rules does not get it');
$other->close(true);

$known = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
$known->set($own);
ok($known->connect('127.0.0.1', $srv->ports[1][1], PATIENCE), 'connected with a certificate');
$known->send('hello');
same('hello', $known->recv());

$got = '';
$wanted = implode('', array_map($package, [5, 70_000, 4_000_000]));
$client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL, SWOOLE_SOCK_ASYNC);
$client->set($packages);
$client->on('connect', function ($client) use ($wanted, $file) {
    $client->send($wanted);
    $client->sendfile($file);
});
$client->on('receive', function ($client, $data) use (&$got, $wanted) {
    $got .= $data;
    if (strlen($got) === strlen($wanted) + 2_000_004) {
        $client->close();
    }
});
$client->on('error', fn ($client) => throw new Failed($client->errMsg));
$client->on('close', fn () => null);
$client->connect('127.0.0.1', $srv->port, PATIENCE);
loop();
same(md5($wanted . $data), md5($got), strlen($got) . ' bytes');
$srv->stop();
