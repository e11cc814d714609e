<?php
// What is pushed while no pool runs waits in the queue for the next one. A private queue is removed with its pool.
// mode: any
// php: -d extension=sysvmsg
require __DIR__ . '/../../support/php/bootstrap.php';

$key = random_int(1, 0x7fffffff);
try {
    msg_send(msg_get_queue($key), 1, 'pushed before', false);
    $srv = pool(['message' => fn ($pool, $data) => note('got', $data)], 1, SWOOLE_IPC_MSGQUEUE, $key);
    same(['pushed before'], $srv->await('got'));
    $srv->stop();
} finally {
    msg_queue_exists($key) && msg_remove_queue(msg_get_queue($key));
}
$srv = pool([
    'message' => fn ($pool, $data) => note('private', $data),
    'start' => fn ($pool) => $pool->sendMessage('x', 0),
], 1, SWOOLE_IPC_MSGQUEUE, 0);
same(['x'], $srv->await('private'));
$of = $srv->children()[0];
$queues = fn () => preg_match_all("/^ +\\S+ +\\S+ +\\S+ +\\S+ +\\S+ +($srv->pid|$of) /m", file_get_contents('/proc/sysvipc/msg'));
$srv->stop();
same(0, $queues(), 'queues that processes of the pool were the last to push to');
