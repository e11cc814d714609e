<?php
// In a worker's loop timers, event-driven clients and files work beside messages; a worker that is to leave finishes its message, not its timers.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listening, $port] = listener();
$srv = pool([
    'workerStart' => function ($pool, $id) use ($port) {
        swoole_timer_tick(1000, fn () => null);
        $client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
        $client->on('connect', fn ($client) => $client->send("worker $id\n"));
        $client->on('receive', fn ($client, $data) => note('received', $id, $data));
        $client->on('error', fn () => note('error'));
        $client->on('close', fn () => null);
        $client->connect('127.0.0.1', $port);
        swoole_async_readfile('/etc/hostname', fn ($file, $content) => note('file', $content !== ''));
    },
    'message' => fn ($pool, $data) => note('message', $data),
    'start' => fn ($pool) => $pool->sendMessage('beside it', 0) && $pool->sendMessage('beside it', 1),
], 2, SWOOLE_IPC_UNIXSOCK);
for ($n = 0; $n < 2; $n++) {
    $connection = accepted($listening);
    fwrite($connection, 'answer to ' . fgets($connection));
    $held[] = $connection;
}
$srv->await('received', 2);
$srv->await('file', 2);
$srv->await('message', 2);
$received = $srv->notes('received');
sort($received);
same([[0, "answer to worker 0\n"], [1, "answer to worker 1\n"]], $received);
$srv->stop();
