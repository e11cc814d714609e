<?php
// In PROCESS mode the clients of a worker that dies stay connected, and the next worker serves them; no close is reported.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    $server->on('connect', fn () => note('connect'));
    $server->on('close', fn () => note('close'));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->send($fd, getmypid() . "\n");
        if ($data === 'crash') {
            posix_kill(getmypid(), SIGSEGV);
        }
    });
});
$srv->allow('/worker/i');
$clients = $srv->connectMany(5);
foreach ($clients as $client) {
    $client->write('x')->readTo();
}
$old = $srv->worker(0);
same("$old\n", $clients[0]->write('crash')->readTo());
foreach ($clients as $client) {
    $new = (int) $client->write('x')->readTo();
    ok($new !== $old && $new === $srv->worker(0), 'the new worker answers');
}
same([5, 0], [count($srv->notes('connect')), count($srv->notes('close'))]);
$srv->stop();
