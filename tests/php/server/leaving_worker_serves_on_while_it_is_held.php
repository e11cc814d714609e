<?php
// A worker that a timer keeps after SIGTERM still answers its clients.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1, 'max_wait_time' => 20]);
    $server->on('workerStart', fn ($server) => $server->tick(5, fn ($timer) => file_exists(tmp('go')) && $server->clearTimer($timer)));
    $server->on('workerExit', fn () => note('exit'));
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, getmypid() . " $data"));
});
$pid = $srv->worker(0);
$client = $srv->connect();
same("$pid a\n", $client->write("a\n")->readTo());
posix_kill($pid, SIGTERM);
$srv->await('exit');
$srv->await('exit', 2);
base() || same("$pid b\n", $client->write("b\n")->readTo());
ok(alive($pid), 'it is still there');
touch(tmp('go'));
eventually(fn () => $srv->worker(0) !== $pid, 'then it is replaced');
same($srv->worker(0) . " c\n", $srv->connect()->write("c\n")->readTo());
$srv->allow('/worker/i');
$srv->stop();
