<?php
// stats() counts what went wrong: refused clients, bad packages, dead workers, reloads.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['max_conn' => 36, 'open_length_check' => true, 'package_length_type' => 'N', 'package_body_offset' => 4]);
    $server->on('close', fn () => note('close'));
    $server->on('workerError', fn () => note('error'));
    $server->on('afterReload', fn () => note('after'));
    $server->on('receive', fn ($server, $fd) => $server->send($fd, json_encode($server->stats()) . "\n"));
});
$srv->allow('/package|worker|max_conn/i');
foreach ([1, 2, 3] as $n) {
    $srv->connect()->write("\xff\xff\xff\xff")->closed();
    $srv->await('close', $n);
}
posix_kill($srv->worker(1), SIGKILL);
$srv->await('error');
$srv->signal(SIGUSR1);
$srv->await('after');
$clients = $srv->connectMany(36);
foreach ($clients as $client) {
    $client->write("\0\0\0\0")->readTo();
}
foreach ($srv->connectMany(2) as $client) {
    $client->closed();
}
$stats = json_decode($clients[0]->write("\0\0\0\0")->readTo(), true);
same([3, 2, 1, 1], [$stats['bad_package_count'], $stats['refused_count'], $stats['abort_count'], $stats['reload_count']]);
$srv->stop();
