<?php
// A user process that waits in read() ends when the handler of a signal calls exit(), and leaves a finally block on the way.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->addProcess(new Swoole\Process(function (Swoole\Process $process) {
        pcntl_signal(SIGUSR1, fn () => exit(7), false);
        note('here', getmypid());
        $read = $process->read();
        note('read', $read);
    }));
    $server->on('receive', fn () => null);
    $server->on('workerError', fn ($server, $id, $pid, $code) => note('error', $pid, $code));
});
$srv->allow('/user process|worker/i');
[$pid] = $srv->await('here');
awaitAsleep($pid);
posix_kill($pid, SIGUSR1);
same([$pid, 7], $srv->await('error'));
same([], $srv->notes('read'), 'what read() gave');
$srv->stop();
