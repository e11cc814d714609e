<?php
// A worker that is to leave serves on while a client of it is connected; onWorkerExit is the place to close it.
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, "hello\n");
    fgets($connection); // until the client closes
});
$srv = serve(function (Swoole\Server $server) use ($peer) {
    $server->set(['worker_num' => 1]);
    echoes($server);
    $server->on('workerStart', function () use ($peer) {
        $client = $GLOBALS['client'] = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
        $client->on('connect', fn () => null);
        $client->on('receive', fn ($client, $data) => note('received', $data));
        $client->on('error', fn () => note('error'));
        $client->on('close', fn () => note('closed'));
        $client->connect('127.0.0.1', $peer->port, PATIENCE);
    });
    $server->on('workerExit', function () {
        note('exit');
        $GLOBALS['client']->isConnected() && $GLOBALS['client']->close();
    });
    $server->on('workerStop', fn () => note('stop'));
});
same(["hello\n"], $srv->await('received'));
$begin = microtime(true);
$srv->stop();
between(0, 2, microtime(true) - $begin, 'seconds until the end');
same([], $srv->notes('error'));
$order = array_column(array_map(json_decode(...), explode("\n", trim($srv->notebookText()))), 0);
$order = array_values(array_intersect($order, ['exit', 'closed', 'stop']));
same(['exit', 'closed', 'stop'], array_values(array_unique($order)));
