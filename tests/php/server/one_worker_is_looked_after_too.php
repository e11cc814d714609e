<?php
// worker_num 1: a worker that dies is replaced in both modes.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    $server->on('workerError', fn ($server, $id, $pid) => note('error', $id, $pid));
    $server->on('receive', fn ($server, $fd) => $server->send($fd, getmypid() . "\n"));
});
$srv->allow('/worker/i');
$old = $srv->worker();
ok($old !== $srv->pid, 'the worker is a process of its own');
same("$old\n", $srv->connect()->write('x')->readTo());
posix_kill($old, SIGKILL);
same([0, $old], $srv->await('error'));
eventually(fn () => $srv->worker() !== $old, 'it was replaced');
same($srv->worker() . "\n", $srv->connect()->write('x')->readTo());
$srv->stop();
