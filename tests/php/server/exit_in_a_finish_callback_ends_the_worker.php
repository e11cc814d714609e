<?php
// exit() in onFinish, in a timer or in onPipeMessage ends that worker, which is replaced.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'finish' => fn ($server) => $server->task('x'),
        'callback' => fn ($server) => $server->task('x', -1, fn () => exit(5)),
        'timer' => fn ($server) => $server->after(1, fn () => exit(6)),
        'defer' => fn ($server) => $server->defer(fn () => exit(7)),
        'message' => fn ($server) => $server->task('message'),
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('workerError', fn ($server, $id, $pid, $code) => note('error', $id, $code));
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data !== 'message') {
            return 'done';
        }
        $server->sendMessage('x', 0);
    });
    $server->on('finish', fn () => exit(4));
    $server->on('pipeMessage', fn () => exit(8));
});
$srv->allow('/worker/i');
foreach (['finish' => 4, 'callback' => 5, 'timer' => 6, 'defer' => 7, 'message' => 8] as $action => $code) {
    $pid = $srv->worker(0);
    $client = begin($srv, $action);
    eventually(fn () => $srv->worker(0) !== $pid, "the worker is replaced after $action");
    $client->close();
    same([0, $code], $srv->last('error'));
}
$srv->stop();
