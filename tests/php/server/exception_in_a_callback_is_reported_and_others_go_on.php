<?php
// An uncaught exception: reported with message, file and line; the other connections, also of that worker, go on.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'throw') {
            throw new LogicException('this went wrong');
        }
        $server->send($fd, "$data {$server->worker_id}\n");
    });
});
$srv->allow('/worker|Uncaught|Stack trace|thrown/i');
$clients = $srv->connectMany(6);
foreach ($clients as $client) {
    $client->write('x')->readTo();
}
$clients[0]->write('throw');
$srv->expect('/LogicException: this went wrong in .*' . preg_quote(basename(__FILE__)) . ':\d+/');
foreach (array_slice($clients, 1) as $client) {
    if (!base()) {
        matches('/^still \d\n$/', $client->write('still')->readTo());
    }
}
matches('/^new \d\n$/', $srv->connect()->write('new')->readTo());
$srv->stop();
