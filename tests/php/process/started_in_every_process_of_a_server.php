<?php
// Processes are started and waited for in workers, task workers, user processes and timers of a server in both modes; none becomes a worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$runs = function (string $where): array {
    $process = new Swoole\Process(function (Swoole\Process $process) use ($where) {
        $process->write("$where: " . strrev($process->read()));
        exit(21);
    });
    $pid = $process->start();
    $process->write('hello');
    $said = $process->read();
    do {
        $ended = Swoole\Process::wait();
    } while ($ended['pid'] !== $pid);
    return [$said, $ended['code'], $pid !== getmypid()];
};
$srv = serve(function (Swoole\Server $server) use ($runs) {
    $server->set(['worker_num' => 2, 'task_worker_num' => 1]);
    $server->on('workerStart', fn ($server, $id) => note('worker start', $id, $runs('start')));
    $server->on('task', fn ($server, $id, $from, $data) => $runs('task'));
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($runs) {
        match ($data) {
            'receive' => note('receive', $runs('receive')),
            'task' => note('task', $server->taskwait('x', PATIENCE)),
            'timer' => $server->after(1, fn () => note('timer', $runs('timer'))),
        };
        $server->send($fd, 'x');
    });
    $server->addProcess(new Swoole\Process(function ($process) use ($runs) {
        note('user', $runs('user'));
        $process->read();
    }));
    $server->on('workerError', fn () => note('error'));
    $server->on('workerStop', fn ($server, $id) => note('stop', $id));
});
foreach (['receive', 'task', 'timer'] as $what) {
    same('x', $srv->connect()->write($what)->read(1));
    same([["$what: olleh", 21, true]], $srv->await($what));
}
same([['user: olleh', 21, true]], $srv->await('user'));
same([0, 1, 2], (function () use ($srv) {
    $ids = array_column($srv->notes('worker start'), 0);
    sort($ids);
    return $ids;
})());
same([], $srv->notes('error'));
$srv->stop();
$ids = array_column($srv->notes('stop'), 0);
sort($ids);
same([0, 1, 2], $ids, 'each worker stopped once, and no child did');
