<?php
// send() works from a worker that is not the connection's own.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 3]);
    // "TO data": send data to connection TO.
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'who') {
            return $server->send($fd, "$fd {$server->worker_id}\n");
        }
        [$to, $text] = explode(' ', $data);
        note('sent', $server->send((int) $to, "$text from {$server->worker_id}\n"));
    });
});
$clients = $srv->connectMany(12);
$who = array_map(fn ($client) => explode(' ', $client->write('who')->readTo()), $clients);
ok(count(array_unique(array_column($who, 1))) > 1, 'more than one worker has clients');
foreach ($clients as $i => $client) {
    $to = ($i + 5) % 12;
    $client->write($who[$to][0] . " hi$i");
    same("hi$i from {$who[$i][1]}", $clients[$to]->readTo());
}
$srv->stop();
