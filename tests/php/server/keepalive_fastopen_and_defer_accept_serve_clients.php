<?php
// tcp_defer_accept: a client that says nothing is not reported; one that speaks is served. With fastopen, keepalive and a small backlog beside it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['tcp_defer_accept' => 5, 'tcp_fastopen' => true, 'open_tcp_keepalive' => true, 'backlog' => 8]);
    $server->on('connect', fn () => note('connect'));
    echoes($server);
});
$silent = $srv->connect();
$client = $srv->connect();
same('x', $client->ask('x'));
same(1, count($srv->notes('connect')), 'clients that are known');
$srv->stop();
