<?php
// Tasks without a chosen worker are done by whoever is free: one task worker that is held keeps none of them waiting.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'task' => fn ($server, $data) => $server->task($data),
        'many' => fn ($server) => array_sum(array_map(fn ($n) => (int) is_int($server->task($n)), range(1, 200))),
    ]);
    $server->set(['task_worker_num' => 3]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data === 'hold') {
            note('held', $server->worker_id);
            holdFor(tmp('go'));
        }
        usleep(200); // time: a task that takes a moment, so that they are shared
        note('done', $server->worker_id, $data);
    });
});
$srv->call('task', 'hold');
[$held] = $srv->await('held');
same(200, $srv->call('many'));
$srv->await('done', 200);
$by = array_count_values(array_column($srv->notes('done'), 0));
ok(!isset($by[$held]), 'the held one did none');
same(2, count($by), 'both others did some');
$did = array_column($srv->notes('done'), 1);
sort($did);
same(range(1, 200), $did);
touch(tmp('go'));
same([$held, 'hold'], $srv->await('done', 201));
$srv->stop();
