<?php
// dispatch_mode 4: all connections of one address meet the same worker, IPv4 and IPv6, and datagrams too.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['dispatch_mode' => 4, 'worker_num' => 4]);
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
    $server->on('receive', fn ($server, $fd) => $server->send($fd, (string) $server->worker_id));
    $server->on('packet', fn ($server, $data, $from) => $server->sendto($from['address'], $from['port'], (string) $server->worker_id));
});
$used = [];
for ($host = 1; $host <= 16; $host++) {
    $workers = array_map(fn () => $srv->connect(0, "127.0.0.$host:0")->ask('x'), range(1, 3));
    $workers[] = $srv->connect(1, "127.0.0.$host:0")->askPacket('x');
    same(1, count(array_unique($workers)), "workers for 127.0.0.$host");
    $used[] = $workers[0];
}
ok(count(array_unique($used)) > 1, 'other addresses, other workers');
$srv->stop();
