<?php
// dispatch_mode 3: while one worker is busy, messages go to the other.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['dispatch_mode' => 3]);
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
$client = $srv->connect();
for ($i = 0; $i < 20; $i++) {
    awaitAsleep($srv->worker(1 - $busy));
    same((string) (1 - $busy), $client->ask('x'));
}
touch(tmp('go'));
same((string) $busy, $held->read(1));
$srv->stop();
