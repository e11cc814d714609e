<?php
// stop() ends the worker that calls it, which is replaced; shutdown() from a worker ends the whole pool.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'start' => fn ($pool) => $pool->sendMessage('stop', 1),
    'message' => function ($pool, $data) {
        note('got', $data, getmypid());
        if ($data === 'stop') {
            $pool->stop();
            $pool->sendMessage('shutdown', 1);
            note('still in its callback');
        } else {
            note('shutdown', $pool->shutdown());
        }
    },
    'workerStop' => fn ($pool, $id) => note('stop', $id, getmypid()),
], 2, SWOOLE_IPC_UNIXSOCK);
same([true], $srv->await('shutdown'));
$srv->ended();
[[, $first], [, $second]] = $srv->notes('got');
ok($first !== $second, 'the message after stop() was for the successor');
same(1, count($srv->notes('still in its callback')));
same([1, $first], $srv->notes('stop')[0]);
same(3, count($srv->notes('stop')));
