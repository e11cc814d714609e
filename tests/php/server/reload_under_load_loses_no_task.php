<?php
// While task workers are reloaded again and again, every task is done exactly once and answered.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $sum = $got = $given = 0;
    $give = function (Swoole\Server $server) use (&$given) {
        if (!file_exists(tmp('enough'))) {
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
    $server->on('finish', function ($server, $id, $data) use (&$sum, &$got, &$given, $give) {
        $sum += $data;
        $got++;
        $give($server);
        if ($got === $given) {
            note('all', $given, $sum);
        }
    });
});
$srv->call('go');
for ($reloads = 1; $reloads <= 8; $reloads++) {
    $srv->signal(SIGUSR2);
    $srv->await('after', $reloads);
}
touch(tmp('enough'));
[$given, $sum] = $srv->await('all');
ok($given > 1000, "there was load: $given tasks");
same($given * ($given - 1) / 2, $sum);
same(1, count($srv->notes('all')));
same([], $srv->notes('error'));
$srv->stop();
