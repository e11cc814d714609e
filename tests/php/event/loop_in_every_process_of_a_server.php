<?php
// In worker, task worker and user process the same calls join that process's own loop: timers, descriptors, deferred calls, writes.
require __DIR__ . '/../../support/php/bootstrap.php';

$work = function (string $where) {
    [$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    swoole_event_add($one, function ($one) use ($where, $other) {
        note($where, fread($one, 100));
        swoole_event_del($one);
        fclose($other);
        fclose($one);
    });
    swoole_timer_after(5, fn () => swoole_event_defer(fn () => swoole_event_write($other, 'hello from the loop')));
};
$srv = serve(function (Swoole\Server $server) use ($work) {
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('receive', fn () => null);
    $server->on('task', fn () => null);
    $server->on('workerStart', fn ($server) => $work($server->taskworker ? 'task worker' : 'worker'));
    $server->addProcess(new Swoole\Process(function () use ($work) {
        $work('user process');
        swoole_timer_tick(60_000, fn () => null); // stays
    }));
});
foreach (['worker', 'task worker', 'user process'] as $where) {
    same(['hello from the loop'], $srv->await($where));
}
$srv->stop();
