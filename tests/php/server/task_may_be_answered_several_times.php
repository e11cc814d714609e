<?php
// Each finish() in a task is an answer of its own, in order, and the return value one more.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'task' => fn ($server) => $server->task('x'),
        'call' => fn ($server) => $server->task('x', -1, fn ($server, $id, $data) => note('called', $id, $data)),
        'wait' => fn ($server) => $server->taskwait('x', PATIENCE),
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', function ($server) {
        foreach ([1, [2], '3'] as $part) {
            note('done', $server->finish($part));
        }
        return 4;
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $id, $data));
});
same(0, $srv->call('task'));
$srv->await('finish', 4);
same([[0, 1], [0, [2]], [0, '3'], [0, 4]], $srv->notes('finish'));
same([[true], [true], [true]], $srv->notes('done'));
same(1, $srv->call('call'));
$srv->await('called', 4);
same([[1, 1], [1, [2]], [1, '3'], [1, 4]], $srv->notes('called'));
same(1, $srv->call('wait'), 'taskwait() gives the first answer');
same(3, $srv->call('task'), 'and the others are not for the next one');
$srv->await('finish', 8);
same([3, 1], $srv->await('finish', 5));
$srv->stop();
