<?php
// What onTask returns goes to onFinish of the asking worker; null, and no return at all, give no answer.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['task' => fn ($server, $data) => $server->task($data)]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data === 'nothing') {
            return;
        }
        return $data === 'null' ? null : $data;
    });
    $server->on('finish', fn ($server, ...$arguments) => note('finish', getmypid() === $server->worker_pid, $server->taskworker, ...$arguments));
});
foreach (['text', 'null', 'nothing', false, 0, '', []] as $id => $value) {
    same($id, $srv->call('task', $value));
}
$srv->await('finish', 5);
same([[0, 'text'], [3, false], [4, 0], [5, ''], [6, []]], array_map(fn ($n) => array_slice($n, 2), $srv->notes('finish')));
same([true, false], array_slice($srv->await('finish'), 0, 2));
same([$srv->worker(0)], array_values(array_unique(array_column($srv->notesWithPids('finish'), 0))), 'process of onFinish');
$srv->stop();
