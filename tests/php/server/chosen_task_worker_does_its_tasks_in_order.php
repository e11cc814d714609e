<?php
// Tasks for one task worker wait for that one, also while others are idle, and are done in the order they were given.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'hold' => fn ($server) => $server->task('hold', 1),
        'many' => fn ($server) => array_map(fn ($n) => $server->task($n, 1), range(1, 100)),
        'other' => fn ($server) => $server->taskwait('other', PATIENCE),
    ]);
    $server->set(['task_worker_num' => 2]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data === 'hold') {
            note('held');
            holdFor(tmp('go'));
        } elseif (is_int($data)) {
            note('done', $data, $server->worker_id);
        }
        return byTaskWorker($server, 'done');
    });
});
$srv->call('hold');
$srv->await('held');
same(range(1, 100), $srv->call('many'));
same('done by 0', $srv->call('other'));
same([], $srv->notes('done'), 'tasks of the worker that is held');
touch(tmp('go'));
$srv->await('done', 100);
same(array_map(fn ($n) => [$n, 2], range(1, 100)), $srv->notes('done'));
$srv->stop();
