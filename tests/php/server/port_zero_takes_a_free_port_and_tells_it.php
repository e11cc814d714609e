<?php
// Port 0 picks a free port, and both the server and the port object show which.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $second = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    note('ports', $server->port, $server->ports[0]->port, $second->port, $server->ports[1] === $second);
});
[$server, $first, $second, $same] = $srv->await('ports');
between(1, 65535, $server, 'port');
same($server, $first);
ok($second !== $server && $second > 0, 'the second port is another one');
ok($same, '$server->ports holds what listen() gave');
same('a', $srv->connect(0)->ask('a'));
same('b', $srv->connect(1)->ask('b'));
$srv->stop();
