<?php
// A Unix datagram client without bind_address gets an address by itself, and is answered: blocking and event-driven.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->listen(tmp('socket'), 0, SWOOLE_SOCK_UNIX_DGRAM);
    $server->on('receive', fn () => null);
    $server->on('packet', fn ($server, $data, $from) => $server->send($from['address'], strrev($data)));
});
$client = new Swoole\Client(SWOOLE_SOCK_UNIX_DGRAM);
same(true, $client->connect(tmp('socket'), 0, PATIENCE));
same(8, $client->send('question'));
same('noitseuq', $client->recv());
$got = null;
$client = new Swoole\Client(SWOOLE_SOCK_UNIX_DGRAM, SWOOLE_SOCK_ASYNC);
$client->on('connect', fn ($client) => $client->send('question'));
$client->on('receive', function ($client, $data) use (&$got) {
    $got = $data;
    $client->close();
});
$client->connect(tmp('socket'), 0, PATIENCE);
loop();
same('noitseuq', $got);
$srv->stop();
