<?php
// Two workers send thousands of messages to a third, short and long ones: each one's arrive in the order they were sent.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['worker_num' => 1, 'task_worker_num' => 2]);
    $server->on('task', fn () => null);
    $server->on('workerStart', function ($server, $id) {
        if ($id > 0) {
            $server->after(1, function () use ($server) {
                for ($n = 0; $n < 5000; $n++) {
                    $message = $n % 500 === 250 ? [$n, str_repeat('x', 50_000)] : [$n];
                    while (!@$server->sendMessage($message, 0)) {
                        same(SWOOLE_ERROR_QUEUE_FULL, $server->getLastError());
                        usleep(500); // time: the receiver must make room
                    }
                }
            });
        }
    });
    $next = [1 => 0, 2 => 0];
    $server->on('pipeMessage', function ($server, $source, $message) use (&$next) {
        same($next[$source]++, $message[0], "message from $source");
        same($message[0] % 500 === 250 ? 50_000 : 0, strlen($message[1] ?? ''));
        if ($next[$source] === 5000) {
            note('all', $source);
        }
    });
});
$srv->allow('/queue|full/i');
$srv->await('all', 2);
$srv->stop();
