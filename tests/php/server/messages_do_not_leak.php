<?php
// A worker's memory does not grow with the messages it handles, nor the master's.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->getClientInfo($fd);
        $server->send($fd, str_repeat('y', strlen($data)));
    });
});
$resident = fn () => array_map(function ($pid) {
    preg_match('/RssAnon:\s*(\d+)/', file_get_contents("/proc/$pid/status"), $found);
    return (int) $found[1];
}, [$srv->pid, $srv->worker()]);
$client = $srv->connect();
$run = function (int $rounds) use ($client) {
    for ($i = 0; $i < $rounds; $i++) {
        $client->ask(str_repeat('x', 1 + ($i * 701) % 30000));
    }
};
$run(500);
$before = $resident();
$run(4000);
foreach ($resident() as $i => $after) {
    ok($after - $before[$i] < 1024, 'KiB more: ' . ($after - $before[$i]));
}
$srv->stop();
