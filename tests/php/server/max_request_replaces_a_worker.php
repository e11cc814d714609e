<?php
// max_request: a worker that has handled so many messages (and a random share of max_request_grace more) makes room for a new one.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['max_request' => 10, 'max_request_grace' => 5]);
    $server->on('workerError', fn () => note('error'));
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
    $server->on('receive', fn ($server, $fd) => $server->send($fd, getmypid() . "\n"));
});
$srv->allow('/worker/i');
$handled = [];
for ($i = 0; $i < 120; $i++) {
    $client = $srv->connect();
    $pid = (int) $client->write('x')->readTo();
    $handled[$pid] = ($handled[$pid] ?? 0) + 1;
    $client->close();
}
ok(count($handled) >= 6, 'processes that answered: ' . count($handled));
ok(max($handled) <= 16, 'at most max_request and its spread: ' . max($handled));
ok(count($srv->notes('stop')) >= 4, 'they stopped in the ordinary way');
same([], $srv->notes('error'));
$srv->stop();
