<?php
// Tasks that take long are done side by side by as many task workers as there are.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['task' => fn ($server) => $server->task('x')]);
    $server->set(['task_worker_num' => 4]);
    $server->on('task', function ($server) {
        note('begun', $server->worker_id);
        holdFor(tmp('go'));
        note('done');
    });
});
foreach (range(1, 4) as $n) {
    $srv->call('task');
    $srv->await('begun', $n);
}
$by = array_column($srv->notes('begun'), 0);
sort($by);
same([1, 2, 3, 4], $by);
touch(tmp('go'));
$srv->await('done', 4);
$srv->stop();
