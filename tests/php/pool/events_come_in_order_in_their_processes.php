<?php
// start and shutdown come in the master, workerStart and workerStop in each worker; names of events in any letter case.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'START' => fn ($pool) => note('start', getmypid()),
    'message' => fn () => null,
    'workerStart' => fn ($pool, $id) => note('begin', $id, getmypid()),
    'WorkerSTOP' => fn ($pool, $id) => note('end', $id, getmypid()),
    'shutDown' => fn ($pool) => note('shutdown', getmypid()),
], 2, SWOOLE_IPC_UNIXSOCK, 0);
$srv->await('start');
$srv->stop();
same([[$srv->pid]], $srv->notes('start'));
$sorted = function (string $name) use ($srv) {
    $notes = $srv->notes($name);
    sort($notes);
    return $notes;
};
same(2, count($srv->notes('begin')));
same($sorted('begin'), $sorted('end'));
same($srv->pid, $srv->notes('shutdown')[0][0]);
$order = array_map(fn ($line) => json_decode($line)[0], explode("\n", $srv->notebookText(), -1));
same(['shutdown', 'returned'], array_slice($order, -2));
