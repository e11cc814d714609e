<?php
// After detach() another process takes the worker's place at once; the detached one ends what it does when it likes, also after the pool.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'workerStart' => function ($pool, $id) {
        note('worker', getmypid());
        if (!file_exists(tmp('detached'))) {
            touch(tmp('detached'));
            note('detach', $pool->detach());
            holdFor(tmp('go'));
            note('detached one ends');
        } else {
            holdFor(tmp('stop'));
        }
    },
], 1);
same([true], $srv->await('detach'));
$srv->await('worker', 2);
[[$detached], [$second]] = $srv->notes('worker');
ok(alive($detached) && alive($second), 'both live');
touch(tmp('stop'));
$srv->stop();
ok(alive($detached), 'the detached one outlives the pool');
touch(tmp('go'));
eventually(fn () => $srv->notes('detached one ends') !== [] && !alive($detached), 'and ends by itself');
