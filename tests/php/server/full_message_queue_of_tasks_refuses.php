<?php
// task_ipc_mode 2: what the system's message queue has no room for is refused with SWOOLE_ERROR_QUEUE_FULL, and what it took is done.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'hold' => fn ($server) => $server->task('hold'),
        'fill' => function ($server) {
            for ($given = 0; $given < 100_000; $given++) {
                [$result, , $error] = refused($server, fn () => $server->task(str_repeat('x', 2000)));
                if ($result === false) {
                    return [$given, $error];
                }
            }
        },
    ]);
    $server->set(['task_worker_num' => 1, 'task_ipc_mode' => 2, 'message_queue_key' => 0]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data === 'hold') {
            note('held');
            holdFor(tmp('go'));
        }
        return strlen($data);
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $data));
});
$srv->allow('/queue|full/i');
$srv->call('hold');
$srv->await('held');
[$given, $error] = $srv->call('fill');
ok($given > 0, "the queue took $given");
same(SWOOLE_ERROR_QUEUE_FULL, $error);
touch(tmp('go'));
$srv->await('finish', $given + 1);
same($given, count(array_keys($srv->notes('finish'), [2000], true)));
$srv->stop();
