<?php
// SIGINT for the whole group at once, as from a terminal, while a worker is busy: the request is answered, each event comes once, no worker counts as failed.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    foreach (['beforeShutdown', 'managerStop', 'shutdown', 'workerError'] as $event) {
        $server->on($event, fn () => note('event', $event));
    }
    $server->on('workerStop', fn ($server, $id) => note('event', "workerStop $id"));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        note('busy');
        holdFor(tmp('go'));
        $server->send($fd, $data);
    });
});
$client = $srv->connect()->write('x');
$srv->await('busy');
foreach ([$srv->pid, ...$srv->children()] as $pid) {
    posix_kill($pid, SIGINT);
}
$srv->await('event');
touch(tmp('go'));
same('x', $client->read(1));
$srv->ended();
$events = array_column($srv->notes('event'), 0);
same('beforeShutdown', array_shift($events));
same(['managerStop', 'shutdown'], array_splice($events, -2));
sort($events);
same(['workerStop 0', 'workerStop 1'], $events);
