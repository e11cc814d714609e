<?php
// Without messages a worker does its workerStart and ends; another takes its place and its number, as long as the pool runs.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'workerStart' => function ($pool, $id) {
        note('round', $id, getmypid());
        holdFor(tmp("go-$id"));
        unlink(tmp("go-$id"));
    },
    'workerStop' => fn ($pool, $id) => note('stop', $id, getmypid()),
], 2);
for ($n = 1; $n <= 4; $n++) {
    file_put_contents(tmp('go-1'), '');
    $srv->await('ready', 2 + $n);
}
same([0, 1, 1, 1, 1, 1], (function () use ($srv) {
    $ids = array_column($srv->notes('round'), 0);
    sort($ids);
    return $ids;
})());
same(6, count(array_unique(array_column($srv->notes('round'), 1))), 'each is another process');
same([1, 1, 1, 1], array_column($srv->notes('stop'), 0));
file_put_contents(tmp('go-0'), '');
file_put_contents(tmp('go-1'), '');
$srv->stop();
