<?php
// task_worker_num without onTask: start() is false, and a warning names what is missing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[, $output] = inChild(function () {
    $server = new Swoole\Server('127.0.0.1', 0, MODE);
    $server->on('receive', fn () => null);
    $server->set(['task_worker_num' => 1]);
    [$result, $messages] = warnings(fn () => $server->start());
    echo json_encode([$result, $messages]);
});
[$result, $messages] = json_decode($output) ?? throw new Failed($output);
same(false, $result);
matches('/ontask/i', $messages[0]);
