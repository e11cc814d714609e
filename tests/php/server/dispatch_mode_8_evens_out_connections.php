<?php
// dispatch_mode 8: a new connection goes to the worker with the fewest, and stays there.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['dispatch_mode' => 8, 'worker_num' => 3]);
    $server->on('receive', fn ($server, $fd) => $server->send($fd, (string) $server->worker_id));
    $server->on('close', fn () => note('close'));
});
$clients = $srv->connectMany(12);
$at = array_map(fn ($client) => $client->ask('x'), $clients);
$count = array_count_values($at);
same([4, 4, 4], array_values($count));
$closed = 0;
foreach ($clients as $i => $client) {
    same($at[$i], $client->ask('x'), 'it stays');
    if ($at[$i] === '1') {
        $client->close();
        $closed++;
    }
}
$srv->await('close', $closed);
foreach ($srv->connectMany(4) as $client) {
    same('1', $client->ask('x'), 'the emptied worker gets the new ones');
    $kept[] = $client;
}
$srv->stop();
