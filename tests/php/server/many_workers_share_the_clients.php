<?php
// worker_num 8: all of them come up, each serves its share in PROCESS mode, and all end.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 8]);
    $server->on('receive', fn ($server, $fd) => $server->send($fd, (string) $server->worker_id));
});
$served = array_map(fn ($client) => $client->write('x')->read(1), $srv->connectMany(64));
$count = count(array_unique($served));
base() ? between(1, 8, $count, 'workers') : same(8, $count, 'workers');
$srv->stop();
same(8, count($srv->notes('ready')));
