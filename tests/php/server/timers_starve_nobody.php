<?php
// A tick that is always due, and a deferred call that defers itself for ever, keep neither clients nor tasks nor messages waiting.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['task_worker_num' => 1]);
    $defer = function () use ($server, &$defer) {
        usleep(100); // time: the work of a deferred call
        file_exists(tmp('enough')) || $server->defer($defer);
    };
    offers($server, [
        'starve' => function ($server) use ($defer) {
            $server->tick(1, function ($timer) use ($server) {
                usleep(3000); // time: a tick that takes longer than its interval
                file_exists(tmp('enough')) && $server->clearTimer($timer);
            });
            $server->defer($defer);
        },
        'echo' => fn ($server, $data) => $data,
        'task' => fn ($server, $data) => $server->task($data),
    ]);
    $server->on('task', function ($server, $id, $source, $data) {
        $server->sendMessage($data, 0);
        return $data;
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $data));
    $server->on('pipeMessage', fn ($server, $source, $data) => note('message', $data));
});
$srv->call('starve');
foreach (range(1, 20) as $n) {
    same($n, $srv->call('echo', $n));
    $srv->call('task', $n);
    same([$n], $srv->await('finish', $n));
    same([$n], $srv->await('message', $n));
}
touch(tmp('enough'));
$srv->stop();
