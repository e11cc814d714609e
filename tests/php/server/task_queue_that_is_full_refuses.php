<?php
// A full queue: task() and taskwait() are false with SWOOLE_ERROR_QUEUE_FULL; what was taken is done, and then there is room again.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'task' => fn ($server, $data) => $server->task($data),
        'fill' => function ($server, ...$to) {
            for ($given = 0; $given < 100_000; $given++) {
                [$result, $message, $error] = refused($server, fn () => $server->task(str_repeat('x', 1000), ...$to));
                if ($result === false) {
                    break;
                }
            }
            $wait = refused($server, fn () => $server->taskwait(str_repeat('x', 1000), PATIENCE, ...$to));
            return [$given, $error, $message, $wait];
        },
    ]);
    $server->set(['task_worker_num' => 1, 'task_queue_size' => 65536]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data === 'hold') {
            $go = tmp('go' . count(glob(tmp('go*')))); // before the test may make it
            note('held');
            holdFor($go);
        }
        note('done', strlen($data));
        return 1;
    });
    $server->on('finish', fn () => note('finish'));
});
$srv->allow('/queue|full/i');
$done = 0;
foreach ([[], [0]] as $round => $to) {
    $srv->call('task', 'hold');
    $srv->await('held', $round + 1);
    [$given, $error, $message, $wait] = $srv->call('fill', ...$to);
    between(10, 99_999, $given, 'tasks of 1000 bytes that a queue took');
    $round || between(40, 66, $given, 'tasks of 1000 bytes that a queue of 64 KiB took');
    same(SWOOLE_ERROR_QUEUE_FULL, $error);
    same([false, SWOOLE_ERROR_QUEUE_FULL], [$wait[0], $wait[2]]);
    touch(tmp("go$round"));
    $done += $given + 1;
    $srv->await('done', $done);
    $srv->await('finish', $done);
    same($done, count($srv->notes('done')), 'tasks done');
}
$srv->call('task', 'x');
$srv->await('finish', $done + 1);
$srv->stop();
