<?php
// A client that goes away while much is queued for it: the buffer is given back, and the others are served.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['socket_buffer_size' => 64 << 20, 'buffer_output_size' => 64 << 20, 'worker_num' => 1]);
    $server->on('close', fn () => note('close'));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $data === 'much' ? $server->send($fd, str_repeat('x', 16 << 20)) : $server->send($fd, $data);
    });
});
$srv->allow('/session|buffer/i');
for ($i = 1; $i <= 10; $i++) {
    $client = $srv->connect()->write('much');
    $client->read(1000);
    $i % 2 ? $client->reset() : $client->close();
    $srv->await('close', $i);
    same('x', $srv->connect()->ask('x'));
    $srv->await('close', $i);
}
$srv->stop();
