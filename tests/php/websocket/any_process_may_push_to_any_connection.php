<?php
// Workers, task workers and timers reach the sockets of all workers; the connections of the server are walked through.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveWebSocket(function ($server, $frame) {
    if ($frame->data === 'task') {
        $server->task($frame->fd);
        return;
    }
    foreach ($server->connections as $fd) {
        if ($server->isEstablished($fd)) {
            $server->push($fd, "all {$frame->data}");
        }
    }
}, ['worker_num' => 2, 'task_worker_num' => 1], function ($server) {
    $server->on('task', fn ($server, $id, $worker, $fd) => $server->push($fd, 'from the task worker'));
    $server->on('finish', fn () => null);
    $server->on('request', fn ($request, $response) => $response->end('plain'));
});
$plain = $srv->connect();
same('plain', fetch($plain, '/')->body);
$peers = array_map(fn () => WebSocketPeer::open($srv), range(1, 4));
foreach ($peers as $i => $peer) {
    $peer->send((string) $i);
    foreach ($peers as $other) {
        same("all $i", $other->text());
    }
    same('from the task worker', $peer->ask('task'));
}
same('plain', fetch($plain, '/')->body);
$srv->stop();
