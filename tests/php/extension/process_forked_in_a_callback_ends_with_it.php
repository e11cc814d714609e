<?php
// A process that a callback forks ends where it leaves the callback; it takes nothing from the server.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    $server->on('workerStop', fn () => note('stop', getmypid()));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'fork') {
            $child = pcntl_fork();
            if ($child === 0) {
                return;
            }
            pcntl_waitpid($child, $status);
            note('child', pcntl_wexitstatus($status));
        }
        $server->send($fd, getmypid() . "\n");
    });
});
$worker = $srv->worker();
same("$worker\n", $srv->connect()->write('fork')->readTo());
same([0], $srv->await('child'));
foreach ($srv->connectMany(10) as $client) {
    same("$worker\n", $client->write('x')->readTo());
}
$srv->stop();
same([[$worker]], $srv->notes('stop'));
