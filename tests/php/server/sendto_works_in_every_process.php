<?php
// sendto() sends a datagram from the master, the manager and a worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$socket = socket_create(AF_INET, SOCK_DGRAM, 0);
socket_bind($socket, '127.0.0.1');
socket_set_option($socket, SOL_SOCKET, SO_RCVTIMEO, ['sec' => (int) PATIENCE, 'usec' => 0]);
socket_getsockname($socket, $host, $port);
$srv = serve(function (Swoole\Server $server) use ($port) {
    $events = base() ? ['managerStart', 'workerStart'] : ['start', 'managerStart', 'workerStart'];
    foreach ($events as $event) {
        $server->on($event, fn ($server) => $server->sendto('127.0.0.1', $port, $event));
    }
    $server->set(['worker_num' => 1]);
    $server->on('packet', fn () => null);
}, type: SWOOLE_SOCK_UDP);
$came = [];
foreach (range(1, base() ? 2 : 3) as $i) {
    socket_recvfrom($socket, $data, 100, 0, $address, $from);
    same($srv->port, $from, 'the port that it comes from');
    $came[] = $data;
}
sort($came);
same(base() ? ['managerStart', 'workerStart'] : ['managerStart', 'start', 'workerStart'], $came);
$srv->stop();
