<?php
// Workers and a user process write to each other through $process: packets or a stream; the pipe outlives the process.
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([2, 1] as $type) {
    $srv = serve(function (Swoole\Server $server) use ($type) {
        $process = new Swoole\Process(function ($process) {
            note('run', getmypid());
            while (($data = $process->read()) !== false) {
                $process->write(strtoupper($data) . ' from ' . getmypid());
            }
        }, false, $type);
        $server->addProcess($process);
        offers($server, ['ask' => function () use ($process) {
            return [$process->write('hello'), $process->read()];
        }]);
    });
    $srv->allow('/process|worker/i');
    [$pid] = $srv->await('run');
    same([5, "HELLO from $pid"], $srv->call('ask'));
    same([5, "HELLO from $pid"], $srv->call('ask'));
    posix_kill($pid, SIGKILL);
    [$pid] = $srv->await('run', 2);
    same([5, "HELLO from $pid"], $srv->call('ask'));
    $srv->stop();
}
