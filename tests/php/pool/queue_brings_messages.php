<?php
// A queue pool handles what any program pushes into its System V queue: by msg_send(), by a Swoole\Process, by sendMessage(). Each message once, by whoever is free.
// mode: any
// php: -d extension=sysvmsg
require __DIR__ . '/../../support/php/bootstrap.php';

$key = random_int(1, 0x7fffffff);
$srv = pool([
    'message' => fn ($pool, $data) => note('got', $data),
    'start' => fn ($pool) => $pool->sendMessage('from the master', 0),
], 2, SWOOLE_IPC_MSGQUEUE, $key);
try {
    $queue = msg_get_queue($key);
    $wanted = ['from the master'];
    for ($n = 0; $n < 100; $n++) {
        msg_send($queue, 1, $wanted[] = "m$n", false);
    }
    $process = new Swoole\Process(fn () => null);
    $process->useQueue($key);
    for ($n = 0; $n < 100; $n++) {
        $process->push($wanted[] = "p$n");
    }
    $srv->await('got', 201);
    $got = array_column($srv->notes('got'), 0);
    sort($got);
    sort($wanted);
    same($wanted, $got);
    $srv->stop();
    ok(msg_queue_exists($key), 'the queue stays: others may push before the next start');
} finally {
    msg_queue_exists($key) && msg_remove_queue(msg_get_queue($key));
}
