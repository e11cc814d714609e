<?php
// Thousands of short connections: no descriptor and no memory stays behind, and the counters add up.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('connect', fn () => 1);
    $server->on('close', fn () => 1);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, $data === 'stats' ? json_encode($server->stats()) . "\n" : $data));
});
$used = fn () => array_map(function ($pid) {
    preg_match('/RssAnon:\s*(\d+)/', file_get_contents("/proc/$pid/status"), $found);
    return [count(scandir("/proc/$pid/fd")), (int) $found[1]];
}, [$srv->pid, $srv->worker(0), $srv->worker(1)]);
$churn = function (int $rounds) use ($srv) {
    for ($i = 0; $i < $rounds; $i++) {
        $client = $srv->connect();
        $i % 3 && same('x', $client->ask('x'));
        $i % 2 ? $client->reset() : $client->close();
    }
};
$churn(300);
$before = $used();
$churn(3000);
$client = $srv->connect();
$stats = eventually(function () use ($client) {
    $stats = json_decode($client->write('stats')->readTo(), true);
    return $stats['connection_num'] === 1 ? $stats : false;
}, 'one connection is left');
same([3301, 3300], [$stats['accept_count'], $stats['close_count']]);
foreach ($used() as $i => [$descriptors, $memory]) {
    ok($descriptors <= $before[$i][0] + 2, "process $i has $descriptors descriptors, before {$before[$i][0]}");
    ok($memory - $before[$i][1] < 1024, "process $i: KiB more: " . ($memory - $before[$i][1]));
}
$srv->stop();
