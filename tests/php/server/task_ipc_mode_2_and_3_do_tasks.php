<?php
// With a System V message queue tasks are given, chosen, answered and waited for as ever; stats() tells how many wait in it.
// php: -d extension=sysvmsg
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([2, 3] as $mode) {
    $key = random_int(1, 0x7fffffff);
    $srv = serve(function (Swoole\Server $server) use ($mode, $key) {
        offers($server, [
            'wait' => fn ($server, ...$arguments) => $server->taskwait(...$arguments),
            'multi' => fn ($server, $tasks) => $server->taskWaitMulti($tasks, PATIENCE),
            'task' => fn ($server, ...$arguments) => $server->task(...$arguments),
            'stats' => fn ($server) => $server->stats(),
        ]);
        $server->set(['task_worker_num' => 2, 'task_ipc_mode' => $mode, 'message_queue_key' => $key]);
        $server->on('task', function ($server, $id, $source, $data) {
            if ($data === 'hold') {
                note('held', $server->worker_id);
                holdFor(tmp("go$server->mode" . $server->setting['task_ipc_mode']));
            }
            return [$data, $server->worker_id];
        });
        $server->on('finish', fn ($server, $id, $data) => note('finish', $id, ...$data));
    });
    try {
        foreach (['text', '', ['an' => 'array'], null, 1.5] as $value) {
            same($value, $srv->call('wait', $value, PATIENCE)[0]);
        }
        foreach ([4000, 5000, 100_000] as $size) {
            same($size, strlen($srv->call('wait', str_repeat('x', $size), PATIENCE)[0]));
        }
        $chosen = array_map(fn ($index) => $srv->call('wait', 'x', PATIENCE, $index)[1], [1, 0, 1, 0]);
        $mode === 2 && same([2, 1, 2, 1], $chosen, 'chosen task workers'); // in mode 3 whoever is first does it
        same(['a' => 1, 'b' => 2], array_map(fn ($answer) => $answer[0], $srv->call('multi', ['a' => 1, 'b' => 2])));
        $id = $srv->call('task', 'x');
        same([$id, 'x'], array_slice($srv->await('finish'), 0, 2));

        same([0, 0], [$srv->call('stats')['task_queue_num'], $srv->call('stats')['task_queue_bytes']]);
        foreach ([1, 2] as $n) {
            $srv->call('task', 'hold');
            $srv->await('held', $n);
        }
        foreach ([1, 2, 3] as $n) {
            $srv->call('task', 'waits');
        }
        ['task_queue_num' => $waiting, 'task_queue_bytes' => $bytes] = $srv->call('stats');
        same(3, $waiting);
        ok($bytes >= 3 * 5, "they have $bytes bytes");
        touch(tmp('go' . MODE . $mode));
        $srv->await('finish', 6);
        $srv->stop();
    } finally {
        msg_queue_exists($key) && msg_remove_queue(msg_get_queue($key));
    }
}
