<?php
// A port of each kind of stream with SWOOLE_SSL: TCP, TCP6 and a Unix socket; the port object tells of it.
require __DIR__ . '/../../support/php/bootstrap.php';

$files = (new Authority())->issue();
$path = tmp('socket');
$srv = serve(function (Swoole\Server $server) use ($files, $path) {
    $server->set($files);
    ok($server->listen('::1', 0, SWOOLE_SOCK_TCP6 | SWOOLE_SSL)->ssl, 'ssl of a port');
    ok($server->listen($path, 0, SWOOLE_SOCK_UNIX_STREAM | SWOOLE_SSL)->ssl, 'ssl of a port');
    ok(!$server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP)->ssl, 'ssl of a plain port');
    note('types', $server->ssl, $server->type);
    echoes($server);
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);
same([true, SWOOLE_SOCK_TCP], $srv->last('types'));
foreach (["tcp://127.0.0.1:{$srv->port}", "tcp://[::1]:{$srv->ports[1][1]}"] as $address) {
    $stream = secured($address);
    fwrite($stream, "hello\n");
    same("hello\n", fgets($stream), $address);
}
// PHP's own streams have no TLS over Unix sockets.
[, $printed] = command(['openssl', 's_client', '-unix', $path, '-brief'], input: '');
contains('Protocol version: TLSv1.3', $printed);
foreach ([[SWOOLE_SOCK_TCP6, '::1', $srv->ports[1][1]], [SWOOLE_SOCK_UNIX_STREAM, $path, 0]] as [$type, $host, $port]) {
    $client = new Swoole\Client($type | SWOOLE_SSL);
    ok($client->connect($host, $port, PATIENCE), "connected to $host");
    $client->send('hello');
    same('hello', $client->recv(), $host);
}
same("in the clear", $srv->connect(3)->askLine("in the clear"));
$srv->stop();
