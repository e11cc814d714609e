<?php
// SIGTERM and SIGINT to the master end the pool: workers finish the message in hand and leave, start() comes back in the master.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([SIGTERM, SIGINT] as $signal) {
    @unlink(tmp('go'));
    $srv = pool([
        'message' => function ($pool, $data) {
            note('begins');
            holdFor(tmp('go'));
            note('ends', $pool->workerRunning);
        },
        'start' => fn ($pool) => $pool->sendMessage('x', 0),
        'workerStop' => fn ($pool, $id) => note('stop', $id),
    ], 2, SWOOLE_IPC_UNIXSOCK);
    $srv->await('begins');
    $srv->signal($signal);
    eventually(fn () => $srv->notes('stop') === [[1]], 'the idle worker leaves');
    same([], $srv->notes('returned'));
    touch(tmp('go'));
    $srv->ended();
    same(1, count($srv->notes('ends')));
    same([[1], [0]], $srv->notes('stop'));
}
