<?php
// Tasks and messages that a worker gives before its first event, or as its last deed, are done as any other.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['worker_num' => 2, 'task_worker_num' => 1]);
    foreach (['workerStart', 'workerStop'] as $event) {
        $server->on($event, function ($server, $id) use ($event) {
            if ($id < 2) {
                same(true, is_int($server->task("$event $id")), 'task()');
                $event === 'workerStart' && same(true, $server->sendMessage("hello from $id", 1 - $id), 'sendMessage()');
                $event === 'workerStart' && note('waited', $server->taskwait("wait $id", PATIENCE));
            }
        });
    }
    $server->on('pipeMessage', fn ($server, $source, $message) => note('message', $message));
    $server->on('task', function ($server, $id, $source, $data) {
        note('task', $data);
        return $data;
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $data));
});
$srv->await('finish', 2);
$srv->await('waited', 2);
$srv->await('message', 2);
$srv->stop();
$done = array_column($srv->notes('task'), 0);
sort($done);
same(['wait 0', 'wait 1', 'workerStart 0', 'workerStart 1', 'workerStop 0', 'workerStop 1'], $done);
