<?php
// dispatch_mode 9: a message goes to the worker with the fewest in flight.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['dispatch_mode' => 9]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'hold') {
            note('held', $server->worker_id);
            holdFor(tmp('go'));
        }
        $server->send($fd, (string) $server->worker_id);
    });
});
$held = $srv->connect()->write('hold');
[$busy] = $srv->await('held');
foreach ($srv->connectMany(10) as $client) {
    awaitAsleep($srv->worker(1 - $busy));
    same((string) (1 - $busy), $client->ask('x'));
}
touch(tmp('go'));
$held->read(1);
$srv->stop();
