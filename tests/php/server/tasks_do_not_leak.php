<?php
// Tens of thousands of tasks with callbacks, waited for, by messages and timers: worker and task worker stay as large as they were.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'round' => function ($server) {
            for ($n = 0; $n < 2000; $n++) {
                $data = ['n' => $n, 'text' => str_repeat('x', 500)];
                $server->task($data, -1, fn ($server, $id, $data) => strlen($data['text']));
                $n % 20 || $server->taskwait($data, PATIENCE);
                $n % 500 || $server->taskWaitMulti([$data, str_repeat('x', 40_000)], PATIENCE);
                $server->sendMessage($data, 1);
                $server->clearTimer($server->after(5000, fn () => $data, $data));
                $server->after(1, fn () => $data, $data);
                $server->defer(fn () => $data);
            }
        },
        'memory' => fn ($server) => [memory_get_usage(), $server->taskwait('memory', PATIENCE)],
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('pipeMessage', fn () => null);
    $server->on('task', fn ($server, $id, $source, $data) => $data === 'memory' ? memory_get_usage() : $data);
});
$memory = function () use ($srv) {
    eventually(fn () => $srv->call('memory')[0] < 40 << 20, 'callbacks of tasks that are done are let go of');
    return $srv->call('memory');
};
$srv->call('round');
$srv->call('round');
$before = $memory();
for ($n = 0; $n < 10; $n++) {
    $srv->call('round');
}
$grown = fn () => array_map(fn ($now, $then) => $now - $then, $memory(), $before);
eventually(fn () => max($grown()) < 300_000, 'memory of worker and task worker is as before, but for 300 kB');
$srv->stop();
