<?php
// After its timeout (0.5 s if none is given) taskwait() is false; the late answer is dropped, counted, and no one else's.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => function ($server, ...$arguments) {
            $begin = microtime(true);
            return [$server->taskwait(...$arguments), microtime(true) - $begin];
        },
        'late' => fn ($server) => $server->stats()['late_answer_count'] ?? null,
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data === 'slow') {
            holdFor(tmp("go-$id"));
            note('slow done');
        }
        return "$data $id";
    });
    $server->on('finish', fn () => note('finish'));
});
same(0, $srv->call('late'));
[$result, $time] = $srv->call('wait', 'slow');
same(false, $result);
between(0.49, 2.0, $time, 'seconds without a timeout given');
touch(tmp('go-0'));
$srv->await('slow done');
same('quick 1', $srv->call('wait', 'quick', PATIENCE)[0], 'the next one gets its own answer');
eventually(fn () => $srv->call('late') === 1, 'the late answer is counted');
[$result, $time] = $srv->call('wait', 'slow', 0.1);
same(false, $result);
between(0.099, 0.45, $time, 'seconds with a timeout of 0.1');
touch(tmp('go-2'));
$srv->await('slow done', 2);
eventually(fn () => $srv->call('late') === 2, 'the second late answer is counted');
same([], $srv->notes('finish'));
$srv->stop();
