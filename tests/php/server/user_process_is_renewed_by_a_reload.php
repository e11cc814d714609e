<?php
// SIGUSR1 replaces user processes; SIGUSR2, for task workers only, leaves them.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $server->on('afterReload', fn () => note('after'));
    $server->addProcess(new Swoole\Process(function ($process) {
        note('run', getmypid());
        holdFor('/never');
    }));
});
$srv->await('run');
$srv->signal(SIGUSR2);
$srv->await('after');
same(1, count($srv->notes('run')), 'runs after SIGUSR2');
$srv->signal(SIGUSR1);
$srv->await('after', 2);
[$new] = $srv->await('run', 2);
eventually(fn () => !alive($srv->notes('run')[0][0]), 'the old one is gone');
ok(alive($new), 'the new one is there');
$srv->stop();
