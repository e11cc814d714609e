<?php
// close(fd, true) ends the connection at once, without waiting for a client that does not read.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['socket_buffer_size' => 64 << 20, 'buffer_output_size' => 64 << 20]);
    $server->on('receive', function ($server, $fd) {
        $server->send($fd, str_repeat('x', 32 << 20));
        note('closed', $server->close($fd, true));
    });
    $server->on('close', fn ($server, $fd, $reactor) => note('close', $reactor < 0));
});
$client = $srv->connect()->write('go');
same([true], $srv->await('closed'));
same([true], $srv->await('close'));
ok(strlen($client->rest()) < 32 << 20, 'the rest was dropped');
$srv->stop();
