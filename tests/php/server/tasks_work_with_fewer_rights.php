<?php
// user: workers and task workers that gave up their rights exchange long tasks and messages, through a message queue too. Needs root.
// php: -d extension=sysvmsg
require __DIR__ . '/../../support/php/bootstrap.php';

if (posix_getuid() !== 0) {
    exit(0);
}
foreach ([1, 2] as $mode) {
    $key = random_int(1, 0x7fffffff);
    $srv = serve(function (Swoole\Server $server) use ($mode, $key) {
        offers($server, ['wait' => fn ($server, $size) => [$server->taskwait(str_repeat('x', $size), PATIENCE), posix_getuid()]]);
        mkdir(tmp("files$mode"));
        chmod(tmp("files$mode"), 0o777);
        $server->set([
            'user' => 'nobody', 'task_worker_num' => 1, 'task_ipc_mode' => $mode, 'message_queue_key' => $key, 'task_tmpdir' => tmp("files$mode"),
        ]);
        $server->on('task', fn ($server, $id, $source, $data) => [strlen($data), posix_getuid(), str_repeat('y', strlen($data))]);
        $server->on('pipeMessage', fn ($server, $source, $message) => note('message', $source, strlen($message)));
        $server->on('managerStart', fn ($server) => $server->after(1, fn () => note('sent', $server->sendMessage(str_repeat('x', 100_000), 1))));
    });
    try {
        $nobody = posix_getpwnam('nobody')['uid'];
        foreach ([10, 200_000] as $size) {
            [$answer, $user] = $srv->call('wait', $size);
            same([$size, $nobody, $nobody], [$answer[0], $answer[1], $user]);
        }
        same([true], $srv->await('sent'));
        same([-1, 100_000], $srv->await('message'));
        awaitNoTaskFiles(tmp("files$mode"));
        $srv->stop();
    } finally {
        msg_queue_exists($key) && msg_remove_queue(msg_get_queue($key));
    }
}
