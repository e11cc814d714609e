<?php
// A message queue that another user has made first under the server's key is not used: what lies in it would be unserialized. Needs root.
// mode: any
// php: -d extension=sysvmsg
require __DIR__ . '/../../support/php/bootstrap.php';

if (posix_getuid() !== 0) {
    exit(0);
}
$nobody = posix_getpwnam('nobody')['uid'];
$start = fn (int $key, array $settings) => inChild(function () use ($key, $settings) {
    $server = new Swoole\Server('127.0.0.1', 0, SWOOLE_BASE);
    $server->set(['task_worker_num' => 1, 'task_ipc_mode' => 3, 'message_queue_key' => $key] + $settings);
    $server->on('receive', fn () => null);
    $server->on('task', fn () => null);
    $server->on('managerStart', fn ($server) => $server->after(1, fn () => $server->shutdown()));
    echo $server->start() ? 'started' : 'refused';
});
$key = random_int(1, 0x7fffffff);
[$code] = inChild(function () use ($key, $nobody) {
    posix_setuid($nobody);
    msg_get_queue($key, 0o666);
});
same(0, $code);
try {
    [$code, $output] = $start($key, []);
    same(0, $code);
    contains('refused', $output);
    contains(sprintf('(message_queue_key 0x%x) was made by user %d', $key, $nobody), $output);
    [$code, $output] = $start($key, ['user' => 'nobody']);
    contains('started', $output);
} finally {
    msg_remove_queue(msg_get_queue($key));
}
