<?php
// What is no serialized value, though it says so, is logged and counted; no callback gets it, and the next one is done.
// php: -d extension=sysvmsg
require __DIR__ . '/../../support/php/bootstrap.php';

$key = random_int(1, 0x7fffffff);
$srv = serve(function (Swoole\Server $server) use ($key) {
    offers($server, ['lost' => fn ($server) => $server->stats()['lost_count']]);
    $server->set(['task_worker_num' => 1, 'task_ipc_mode' => 3, 'message_queue_key' => $key]);
    $server->on('task', fn ($server, $id, $source, $data) => note('task', $data));
});
try {
    same(0, $srv->call('lost'));
    $queue = msg_get_queue($key);
    $bad = str_replace('a:2', 'x:2', Swoole\Server\Task::pack([1, 2]), $changed);
    same(1, $changed);
    msg_send($queue, 1, $bad, false);
    msg_send($queue, 1, Swoole\Server\Task::pack(false), false);
    same([false], $srv->await('task'), 'the one behind it, which is false');
    same(1, $srv->call('lost'));
    $srv->expect('/Error at offset 0 of 22 bytes/');
    $srv->expect('/its 22 bytes are not what PHP\'s serialize\(\) makes/');
    $srv->stop();
    same(1, count($srv->notes('task')));
} finally {
    msg_queue_exists($key) && msg_remove_queue(msg_get_queue($key));
}
