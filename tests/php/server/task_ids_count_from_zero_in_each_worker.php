<?php
// Task numbers begin at 0 in each worker, so two workers give the same ones.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['task_worker_num' => 1]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $data === 'who' ? whoAnswers($server, $fd) : $server->send($fd, $server->task('x') . "\n");
    });
    $server->on('task', fn ($server, $id, $source) => note('task', $source, $id));
});
$clients = $srv->clientsByWorker();
foreach ([0, 1] as $worker) {
    foreach ([0, 1, 2] as $id) {
        same("$id", $clients[$worker][0][0]->askLine('task'));
    }
}
$srv->await('task', 6);
$seen = $srv->notes('task');
sort($seen);
same([[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]], $seen);
$srv->stop();
