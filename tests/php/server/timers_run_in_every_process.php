<?php
// after(), tick(), clearTimer() and defer() work in master, manager, workers, task workers and user processes.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $use = function (string $where) use ($server) {
        $ticks = 0;
        $pid = getmypid();
        $tick = $server->tick(5, function (int $timer) use ($server, $where, $pid, &$tick, &$ticks) {
            if (++$ticks === 3) {
                note("tick in $where", $timer === $tick, $pid === getmypid(), $server->clearTimer($timer), $server->clearTimer($timer));
            }
        });
        $never = $server->after(20, fn () => note('never'));
        $server->after(10, fn () => note("after in $where", $server->clearTimer($never)));
        $server->defer(fn () => note("defer in $where"));
        note("set in $where");
    };
    $server->on('start', fn () => $use('the master'));
    $server->on('managerStart', fn () => $use('the manager'));
    $server->on('workerStart', fn ($server, $id) => $use("worker $id"));
    $server->addProcess(new Swoole\Process(function () use ($server, $use) {
        $use('a user process');
        $server->tick(1000, fn () => null); // so that it stays
    }));
});
foreach ([...(base() ? [] : ['the master']), 'the manager', 'worker 0', 'worker 1', 'a user process'] as $where) {
    same([true, true, true, false], $srv->await("tick in $where"));
    same([true], $srv->await("after in $where"));
    $srv->await("defer in $where");
    same(1, count($srv->notes("after in $where")), "times after() fired in $where");
    $names = array_map(fn ($line) => json_decode($line)[0], explode("\n", $srv->notebookText(), -1));
    ok(array_search("set in $where", $names) < array_search("defer in $where", $names), 'defer() comes after the callback');
}
same([], $srv->notes('never'));
$srv->allow('/tick|process/i');
$srv->stop();
