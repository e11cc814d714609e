<?php
// send_timeout: a client that takes nothing for so many seconds while data waits for it is closed.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['send_timeout' => 1, 'socket_buffer_size' => 64 << 20, 'buffer_output_size' => 64 << 20]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $data === 'much' ? $server->send($fd, str_repeat('x', 48 << 20)) : $server->send($fd, $data);
    });
    $server->on('close', fn ($server, $fd, $reactor) => note('close', $reactor < 0));
});
$srv->allow('/send_timeout/i');
$idle = $srv->connect();
$begin = microtime(true);
$client = $srv->connect()->write('much');
same([true], $srv->await('close'));
between(0.8, 8, microtime(true) - $begin, 'seconds');
same('x', $idle->ask('x'));
ok(strlen($client->rest()) < 48 << 20, 'the rest was dropped');
$srv->stop();
