<?php
// stats() counts messages between processes, answers that come when taskwait has given up, and tasks that die with their worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('pipeMessage', fn () => note('message'));
    $server->on('task', function ($server, $id, $source, $data) {
        note('begun', getmypid());
        holdFor(tmp($data));
        return 'late';
    });
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        match (trim($data)) {
            'message' => $server->sendMessage('hello', 1),
            'wait' => note('waited', $server->taskwait('first', 0.05)),
            'task' => $server->task('second'),
            default => null,
        };
        $server->send($fd, json_encode($server->stats()) . "\n");
    });
    $server->on('finish', fn () => null);
});
$client = $srv->connect();
same(1, json_decode($client->askLine('message'), true)['message_count']);
$srv->await('message');
$client->askLine('wait');
same([false], $srv->await('waited'));
touch(tmp('first'));
eventually(fn () => json_decode($client->askLine('stats'), true)['late_answer_count'] === 1, 'the late answer is counted');
$client->askLine('task');
[$pid] = $srv->await('begun', 2);
posix_kill($pid, SIGKILL);
$srv->expect("~worker 1 \(pid $pid\) ended by signal 9~");
$srv->allow('~task 1 of worker 0~');
$stats = eventually(function () use ($client) {
    $stats = json_decode($client->askLine('stats'), true);
    return $stats['task_lost_count'] === 1 ? $stats : false;
}, 'the lost task is counted');
same([2, 0, 1], [$stats['task_count'], $stats['tasking_num'], $stats['abort_count']]);
$srv->stop();
