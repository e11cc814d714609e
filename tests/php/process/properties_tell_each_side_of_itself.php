<?php
// In the user process: pid, its number as worker and its own end of the pipe. Elsewhere: the other end, and neither pid nor number.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 2]);
    echoes($server);
    $made = [];
    foreach ([0, 1] as $index) {
        $made[] = $process = new Swoole\Process(function (Swoole\Process $process) use ($server, $index, &$made) {
            note("user$index", $process === $made[$index], [$process->pid, getmypid()], $process->id, $server->worker_id, $process->pipe);
            $process->read();
        });
        same($index, $server->addProcess($process));
        note("made$index", $process->pipe);
    }
    $server->on('workerStart', function ($server, $id) use ($made) {
        if ($id === 0) {
            note('worker', array_map(fn ($p) => [$p->pid, $p->id, $p->pipe], $made));
        }
    });
});
foreach ([0, 1] as $index) {
    [$same, [$pid, $own], $id, $worker, $pipe] = $srv->await("user$index");
    same(true, $same);
    same($own, $pid);
    same([2 + $index, 2 + $index], [$id, $worker]);
    [$made] = $srv->await("made$index");
    ok(is_int($pipe) && $pipe !== $made, "its end $pipe is not the other end $made");
    same([null, null, $made], $srv->await('worker')[0][$index]);
}
$srv->stop();
