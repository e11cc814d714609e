<?php
// A user process that returns, exits, throws or is killed is started anew, with the same number and a new pid.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->addProcess(new Swoole\Process(function ($process) {
        note('run', $process->id, $process->pid);
        switch (count(glob(tmp('run-*')))) {
            case 0:
                touch(tmp('run-0'));
                return;
            case 1:
                touch(tmp('run-1'));
                exit(3);
            case 2:
                touch(tmp('run-2'));
                throw new RuntimeException('thrown in a user process');
        }
        holdFor('/never');
    }));
});
$srv->allow('/process|worker/i');
$srv->await('run', 4);
$srv->expect('/Uncaught RuntimeException: thrown in a user process/');
posix_kill($srv->notes('run')[3][1], SIGKILL);
$srv->await('run', 5);
$runs = $srv->notesWithPids('run');
same(1, count(array_unique(array_column(array_column($runs, 1), 0))), 'numbers');
same(5, count(array_unique(array_column($runs, 0))), 'pids');
foreach ($runs as [$pid, [, $told]]) {
    same($pid, $told);
}
same('x', $srv->connect()->ask('x'));
$srv->stop();
