<?php
// enable_delay_receive: nothing is read until confirm(); what the client sent meanwhile comes then.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['enable_delay_receive' => true]);
    $second = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $second->set(['backlog' => 100]);
    $second->on('connect', fn ($server, $fd) => $server->confirm($fd));
    $second->on('receive', function ($server, $fd, $reactor, $data) {
        note('confirmed', $server->confirm((int) $data), @$server->confirm(99999999));
    });
    $server->on('connect', fn ($server, $fd) => note('connect', $fd));
    echoes($server);
});
$srv->allow('/session|confirm/i');
$client = $srv->connect(0)->write('early');
[$fd] = $srv->await('connect');
$client->silent(0.2);
$srv->connect(1)->write((string) $fd);
same([true, false], $srv->await('confirmed'));
same('early', $client->read(5));
same('more', $client->ask('more'));
$srv->stop();
