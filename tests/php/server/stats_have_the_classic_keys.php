<?php
// stats() has every key that classic scripts read, as an integer.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', fn ($server, $fd) => note('stats', $server->stats()) ?? $server->send($fd, 'ok'));
});
same('ok', $srv->connect()->ask('x', 2));
$stats = $srv->await('stats')[0];
foreach (['start_time', 'connection_num', 'accept_count', 'close_count', 'tasking_num', 'request_count', 'worker_request_count',
    'abort_count', 'worker_num', 'task_worker_num', 'user_worker_num', 'idle_worker_num', 'dispatch_count', 'response_count',
    'total_recv_bytes', 'total_send_bytes', 'min_fd', 'max_fd', 'session_round', 'worker_response_count', 'worker_dispatch_count',
    'task_idle_worker_num', 'task_count', 'task_queue_num', 'task_queue_bytes', 'coroutine_num', 'coroutine_peek_num'] as $key) {
    ok(is_int($stats[$key] ?? null), "stats() has $key");
}
same([0, 0, 0], [$stats['tasking_num'], $stats['task_worker_num'], $stats['user_worker_num']]);
$srv->stop();
