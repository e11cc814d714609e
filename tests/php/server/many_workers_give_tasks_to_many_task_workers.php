<?php
// Four workers keep sixteen tasks each in flight with three task workers: every worker gets exactly its own answers.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['worker_num' => 4, 'task_worker_num' => 3]);
    $given = 0;
    $open = [];
    $give = function () use ($server, &$given, &$open) {
        if ($given < 5000) {
            $id = $server->task([$server->worker_id, $given, str_repeat('x', $given % 1000 === 0 ? 40_000 : $given % 100)]);
            $open[$id] = $given++;
        }
    };
    $server->on('workerStart', function ($server, $id) use ($give) {
        if ($id < 4) {
            $server->after(1, fn () => array_map($give, range(1, 16)));
        }
    });
    $server->on('task', fn ($server, $id, $source, $data) => $data[0] === $source ? $data : 'wrong source');
    $server->on('finish', function ($server, $id, $data) use ($give, &$given, &$open) {
        if ($data[0] !== $server->worker_id || $open[$id] !== $data[1]) {
            note('wrong', $data);
        }
        unset($open[$id]);
        $give();
        if ($given === 5000 && $open === []) {
            note('all', $server->worker_id);
        }
    });
});
$srv->await('all', 4);
same([], $srv->notes('wrong'));
$srv->stop();
