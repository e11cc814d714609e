<?php
// What workerStart sets in the loop runs in the worker: timers, descriptors, deferred calls. It ends when nothing is left, and is told to stop between two callbacks.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'workerStart' => function ($pool, $id) {
        $count = 0;
        swoole_timer_tick(1, function ($timer) use (&$count, $id, $pool) {
            note('tick', $id, ++$count);
            $id === 0 && $count === 3 && swoole_timer_clear($timer);
        });
    },
    'workerStop' => fn ($pool, $id) => note('stop', $id, getmypid()),
], 2);
[$first] = current(array_filter($srv->notesWithPids('ready'), fn ($note) => $note[1] === [0]));
$srv->await('stop');
same([0, $first], $srv->notes('stop')[0], 'worker 0 has done its three ticks');
eventually(fn () => $srv->worker(0) !== $first, 'it is replaced');
$srv->stop();
ok(in_array(1, array_column($srv->notes('stop'), 0), true), 'worker 1 had a timer and was told to leave');
