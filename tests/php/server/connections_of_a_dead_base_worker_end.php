<?php
// In BASE mode the clients of a worker that dies are cut off, are no longer counted, and can come back.
// mode: BASE
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('workerError', fn () => note('error'));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $data === 'who' ? whoAnswers($server, $fd) : $server->send($fd, count($server->connections) . "\n");
    });
});
$srv->allow('/worker/i');
$at = $srv->clientsByWorker();
posix_kill($srv->worker(0), SIGKILL);
foreach ($at[0] as [$client]) {
    $client->closed();
}
$srv->await('error');
[[$survivor]] = $at[1];
eventually(fn () => $survivor->askLine('count') === (string) count($at[1]), 'the others are no longer counted');
matches('/^\d+ \d\n$/', $srv->connect()->write('who')->readTo());
$srv->stop();
