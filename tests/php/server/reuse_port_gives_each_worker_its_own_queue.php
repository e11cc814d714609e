<?php
// enable_reuse_port: the sockets carry SO_REUSEPORT, and in BASE mode the kernel spreads clients over the workers.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['enable_reuse_port' => true, 'dispatch_mode' => 1]);
    $server->on('receive', fn ($server, $fd) => $server->send($fd, (string) $server->worker_id));
    $server->on('workerStart', fn ($server) => note('reuse', socket_get_option($server->getSocket(), SOL_SOCKET, SO_REUSEPORT)));
});
same([1], $srv->await('reuse'));
// A worker that has just begun may find its queue emptied by the other, which looks after it until then.
eventually(function () use ($srv) {
    $workers = array_map(fn ($client) => $client->write('?')->read(1), $srv->connectMany(40));
    sort($workers);
    return array_values(array_unique($workers)) === ['0', '1'];
}, 'both workers have clients');
$srv->stop();
