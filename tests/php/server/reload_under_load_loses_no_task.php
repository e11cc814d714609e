<?php
// While task workers are reloaded again and again, every task is done exactly once and answered.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $sum = $got = $given = 0;
    $give = function (Swoole\Server $server) use (&$given) {
        if ($given < 30_000) {
            ok(is_int($server->task($given)), 'a task is taken');
            $given++;
        }
    };
    offers($server, ['go' => function ($server) use ($give) {
        for ($n = 0; $n < 64; $n++) {
            $give($server);
        }
    }]);
    $server->set(['task_worker_num' => 2]);
    $server->on('workerError', fn () => note('error'));
    $server->on('afterReload', fn () => note('after'));
    $server->on('task', fn ($server, $id, $source, $data) => $data);
    $server->on('finish', function ($server, $id, $data) use (&$sum, &$got, $give) {
        $sum += $data;
        if (++$got === 30_000) {
            note('all', $sum);
        }
        $give($server);
    });
});
$srv->call('go');
$reloads = 0;
do {
    $srv->signal(SIGUSR2);
    $srv->await('after', ++$reloads);
} while (!$srv->notes('all') && $reloads < 500);
same([30_000 * 29_999 / 2], $srv->await('all'));
ok($reloads > 1, 'there were reloads meanwhile');
same([], $srv->notes('error'));
$srv->stop();
