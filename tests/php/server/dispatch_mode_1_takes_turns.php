<?php
// dispatch_mode 1: messages go to the workers in turn, and connect and close are not reported.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['dispatch_mode' => 1, 'worker_num' => 3]);
    $server->on('connect', fn () => note('connect'));
    $server->on('close', fn () => note('close'));
    $server->on('receive', fn ($server, $fd) => $server->send($fd, (string) $server->worker_id));
});
$client = $srv->connect();
$workers = array_map(fn () => $client->ask('x'), range(1, 30));
same([10, 10, 10], array_values(array_count_values($workers)));
for ($i = 3; $i < 30; $i++) {
    same($workers[$i - 3], $workers[$i], "turn $i");
}
$client->close();
$srv->stop();
same([[], []], [$srv->notes('connect'), $srv->notes('close')]);
