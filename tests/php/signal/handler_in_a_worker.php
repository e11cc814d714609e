<?php
// In a worker: a handler of the loop is called while the worker serves; signals that the server needs itself are refused.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'refused' => fn ($server, $signo) => warnings(fn () => Swoole\Process::signal($signo, fn () => null)),
        'ask' => fn () => 'answer',
    ]);
    $server->on('workerStart', fn () => Swoole\Process::signal(SIGWINCH, fn ($signo) => note('signal', $signo, getmypid())));
});
$worker = $srv->worker();
foreach ([1, 2] as $time) {
    posix_kill($worker, SIGWINCH);
    same([SIGWINCH, $worker], $srv->await('signal', $time));
    same('answer', $srv->call('ask'));
}
[$result, $messages] = $srv->call('refused', SIGTERM);
same([false, 1], [$result, count($messages)]);
contains('server', $messages[0]);
$begin = hrtime(true);
$srv->signal(SIGTERM); // the handler does not hold the worker
$srv->wait(PATIENCE);
between(0, 1800, (hrtime(true) - $begin) / 1e6, 'milliseconds to end, of 3000 that it may take');
same(false, str_contains($srv->output(), 'still held'));
