<?php
// A blocking client in a worker and in a task worker asks another server; its wait holds up only its own process.
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, strrev(rtrim(fgets($connection))));
});
$ask = function (string $text) use ($peer) {
    $client = new swoole_client(SWOOLE_SOCK_TCP);
    $client->connect('127.0.0.1', $peer->port, PATIENCE);
    $client->send("$text\n");
    return $client->recv();
};
$srv = serve(function (Swoole\Server $server) use ($ask) {
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, $ask($data) . '|' . $server->taskwait($data, 10)));
    $server->on('task', fn ($server, $id, $from, $data) => $ask("task $data"));
});
same('olleh|olleh ksat', $srv->connect()->ask('hello', 16));
$srv->stop();
