<?php
// task(), sendMessage(), timers and the like before start(): false, and no crash.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$server = new Swoole\Server('127.0.0.1', 0, MODE);
$server->set(['task_worker_num' => 1]);
$server->on('task', fn () => 1);
$calls = [
    'task' => fn () => $server->task('x'),
    'taskwait' => fn () => $server->taskwait('x'),
    'taskWaitMulti' => fn () => $server->taskWaitMulti(['x']),
    'finish' => fn () => $server->finish('x'),
    'sendMessage' => fn () => $server->sendMessage('x', 0),
];
foreach ($calls as $name => $call) {
    [$result, $messages] = warnings($call);
    same(false, $result, $name);
    same(1, count($messages), "warnings of $name");
}
