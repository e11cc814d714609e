<?php
// stats(): connections, accepts, closes, requests and bytes, of the whole server, the same from every worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $data === "stats\n" ? $server->send($fd, json_encode($server->stats()) . "\n") : $server->send($fd, $data);
    });
});
$clients = $srv->connectMany(10);
foreach ($clients as $client) {
    same('hello', $client->ask('hello'));
}
$clients[9]->close();
$stats = eventually(function () use ($clients) {
    $stats = json_decode($clients[0]->write("stats\n")->readTo(), true);
    return $stats['connection_num'] === 9 ? $stats : false;
}, 'nine connections are left');
same([10, 1], [$stats['accept_count'], $stats['close_count']]);
ok($stats['request_count'] >= 10 && $stats['dispatch_count'] >= 11, 'requests: ' . json_encode($stats));
ok($stats['response_count'] >= 10, 'answers');
ok($stats['total_recv_bytes'] >= 56 && $stats['total_send_bytes'] >= 50, 'bytes');
same(2, $stats['worker_num']);
ok($stats['worker_request_count'] <= $stats['request_count'], "a worker's own requests");
between(time() - 60, time() + 1, $stats['start_time'], 'start_time');
$srv->stop();
