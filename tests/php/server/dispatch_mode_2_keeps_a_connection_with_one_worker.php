<?php
// dispatch_mode 2: a connection stays with its worker, and connections are spread evenly.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['dispatch_mode' => 2, 'worker_num' => 3]);
    $server->on('receive', fn ($server, $fd) => $server->send($fd, "$fd {$server->worker_id}\n"));
});
$used = [];
foreach ($srv->connectMany(30) as $client) {
    [$fd, $worker] = explode(' ', trim($client->write('x')->readTo()));
    for ($i = 0; $i < 5; $i++) {
        same("$fd $worker\n", $client->write('x')->readTo());
    }
    $used[] = $worker;
}
$count = array_count_values($used);
ok(count($count) === 3 && min($count) >= 5, 'every worker has its share: ' . json_encode($count));
$srv->stop();
