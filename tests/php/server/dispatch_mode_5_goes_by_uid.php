<?php
// dispatch_mode 5: after bind() a connection goes to worker uid % worker_num; before, by session.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['dispatch_mode' => 5, 'worker_num' => 3]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data !== 'who') {
            $server->bind($fd, (int) $data);
        }
        $server->send($fd, (string) $server->worker_id);
    });
});
foreach ([0, 1, 2, 3, 1000001, PHP_INT_MAX] as $uid) {
    $client = $srv->connect();
    $client->write((string) $uid)->read(1);
    for ($i = 0; $i < 4; $i++) {
        same((string) ($uid % 3), $client->write('who')->read(1), "uid $uid");
    }
}
$srv->stop();
