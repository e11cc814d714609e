<?php
// The use it is made for: ask many, wait for all together, none of them holds up another.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "answer to $data"));
});
$clients = $got = [];
for ($n = 0; $n < 50; $n++) {
    $clients[$n] = new swoole_client(SWOOLE_SOCK_TCP);
    $clients[$n]->connect('127.0.0.1', $srv->port, PATIENCE);
    $clients[$n]->send("question $n");
}
while ($clients) {
    [$read, $none] = [$clients, null];
    ok(swoole_client_select($read, $none, $none, PATIENCE) > 0, 'somebody answers');
    foreach ($read as $n => $client) {
        $got[$n] = $client->recv();
        unset($clients[$n]);
    }
}
ksort($got);
same(array_map(fn ($n) => "answer to question $n", range(0, 49)), $got);
$srv->stop();
