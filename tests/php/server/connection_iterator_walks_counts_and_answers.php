<?php
// $server->connections: foreach, count(), isset(), [] and the same of a port.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $server->on('connect', fn ($server, $fd) => note('connect', $fd));
    $server->on('receive', function ($server, $fd) {
        $walked = [];
        foreach ($server->connections as $session) {
            $walked[] = $session;
        }
        $again = iterator_to_array($server->connections, false);
        note('seen', $walked, $again === $walked, count($server->connections), isset($server->connections[$fd]), isset($server->connections[99999999]),
            count($server->ports[1]->connections), get_class($server->connections), $server->connections[$fd]['remote_ip'] ?? null);
        $server->send($fd, "ok\n");
    });
});
$clients = [...$srv->connectMany(150), $srv->connect(1)];
$srv->await('connect', 151);
$clients[0]->write('?')->readTo();
[$walked, $again, $count, $isset, $unset, $second, $class, $ip] = $srv->await('seen');
$wanted = array_column($srv->notes('connect'), 0);
sort($wanted);
sort($walked);
same($wanted, $walked);
same([true, 151, true, false, 1, 'Swoole\Connection\Iterator', '127.0.0.1'], [$again, $count, $isset, $unset, $second, $class, $ip]);
$srv->stop();
