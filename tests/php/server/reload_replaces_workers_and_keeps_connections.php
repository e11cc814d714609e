<?php
// SIGUSR1 in PROCESS mode: all workers are replaced, connections stay, no connect or close is reported, nothing is lost.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('beforeReload', fn () => note('before'));
    $server->on('afterReload', fn () => note('after'));
    $server->on('connect', fn () => note('connect'));
    $server->on('close', fn () => note('close'));
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
    $server->on('workerError', fn () => note('error'));
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, $data . ' ' . getmypid() . "\n"));
});
$clients = $srv->connectMany(8);
foreach ($clients as $client) {
    $client->write('x')->readTo();
}
$old = [$srv->worker(0), $srv->worker(1)];
$srv->signal(SIGUSR1);
for ($i = 0; !$srv->notes('after'); $i++) {
    foreach ($clients as $client) {
        matches("/^$i \d+\n$/", $client->write((string) $i)->readTo());
    }
}
ok(!array_intersect($old, [$srv->worker(0), $srv->worker(1)]), 'new processes');
foreach ($clients as $client) {
    ok(!in_array((int) explode(' ', $client->write('y')->readTo())[1], $old), 'a new worker answers');
}
same([1, 1, 8, 0, 2, 0], array_map(fn ($name) => count($srv->notes($name)), ['before', 'after', 'connect', 'close', 'stop', 'error']));
$srv->stop();
