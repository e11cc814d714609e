<?php
// The metrics hold the same values as stats() and are named as docs/figures.md says; other paths and methods get their status.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['metrics_port' => '127.0.0.1:0']);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->send($fd, json_encode($server->stats()) . "\n");
    });
});
$client = $srv->connect();
for ($i = 0; $i < 10; $i++) {
    $client->askLine('x');
}
$srv->connect()->close();
eventually(fn () => $srv->figures()['swoole_closed_total'] === 1.0, 'the second client is gone');
$stats = json_decode($client->askLine('x'), true);
$figures = $srv->figures();
$documented = [];
preg_match_all('/^\| (`.*) \| `(swoole_(?!worker_)\w+)` \|/m', file_get_contents(__DIR__ . '/../../../docs/figures.md'), $rows, PREG_SET_ORDER);
foreach ($rows as [, $key, $metric]) {
    $documented[trim($key, '`')] = $metric;
}
ok(count($documented) > 25, 'the keys of stats() and their metrics are in docs/figures.md');
$moving = ['idle_worker_num', 'concurrency', 'response_count', 'total_send_bytes']; // they change when the answer itself is sent
foreach ($documented as $key => $metric) {
    ok(array_key_exists($key, $stats), "stats() has $key");
    ok(array_key_exists($metric, $figures), "the metrics have $metric");
    if (!in_array($key, $moving, true)) {
        same((float) $stats[$key], $figures[$metric], "$key and $metric");
    }
}
$workers = array_filter($figures, fn ($name) => str_starts_with($name, 'swoole_worker_requests_total'), ARRAY_FILTER_USE_KEY);
same(11.0, array_sum($workers), 'requests of the workers');
same([200, 404, 404], [$srv->metrics('/')[0], $srv->metrics('/nothing')[0], $srv->metrics('/metrics/')[0]]);
contains('HTTP/1.1 405 ', $srv->scraper()->write("DELETE /metrics HTTP/1.1\r\n\r\n")->rest());
$head = $srv->scraper()->write("HEAD /metrics HTTP/1.0\r\n\r\n")->rest();
matches('~^HTTP/1\.1 200 OK\r\nContent-Type: text/plain; version=0\.0\.4~', $head);
ok(str_ends_with($head, "\r\n\r\n"), 'HEAD has no body');
$srv->stop();
