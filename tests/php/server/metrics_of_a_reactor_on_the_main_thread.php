<?php
// mode: PROCESS
// Where the one reactor runs on the master's main thread (single_thread), it serves the metrics beside its connections.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['metrics_port' => 0, 'single_thread' => true, 'stats_file' => tmp('stats')]);
    echoes($server);
});
$client = $srv->connect();
for ($i = 1; $i <= 20; $i++) {
    same('hello', $client->ask('hello'));
    same((float) $i, $srv->figures()['swoole_requests_total']);
}
$idle = $srv->scraper();
contains("request_count: 20\n", eventually(function () {
    $text = @file_get_contents(tmp('stats')) ?: '';
    return str_contains($text, "request_count: 20\n") ? $text : false;
}, 'the statistics are written'));
$idle->closed();
$srv->stop();
