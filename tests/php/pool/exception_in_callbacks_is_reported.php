<?php
// What a callback of a pool throws is reported; the pool goes on, and ends well.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'start' => function ($pool) {
        $pool->sendMessage('x', 0);
        throw new RuntimeException('thrown by start');
    },
    'message' => function ($pool, $data) {
        note('got', $data);
        if ($data === 'x') {
            throw new RuntimeException('thrown by message');
        }
    },
    'workerStop' => fn () => throw new RuntimeException('thrown by stop'),
    'shutdown' => fn () => throw new RuntimeException('thrown by shutdown'),
], 1, SWOOLE_IPC_UNIXSOCK);
$srv->allow('/thrown by|worker|exception/i');
$srv->await('got');
eventually(fn () => str_contains($srv->output(), 'thrown by message'), 'it is reported');
$srv->stop();
foreach (['start', 'stop', 'shutdown'] as $event) {
    contains("thrown by $event", $srv->output());
}
