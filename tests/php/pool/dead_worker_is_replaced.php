<?php
// A worker that is killed, crashes, exits or throws is replaced by one of the same number; what happened is logged, the others go on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'message' => function ($pool, $data) {
        note('got', $pool->workerId, $data);
        match ($data) {
            'kill' => posix_kill(getmypid(), SIGKILL),
            'crash' => posix_kill(getmypid(), SIGSEGV),
            'exit' => exit(3),
            'throw' => throw new RuntimeException('thrown on purpose'),
            default => null,
        };
    },
    'start' => function ($pool) {
        swoole_timer_tick(2, function () use ($pool) {
            foreach (glob(tmp('send-*')) as $file) {
                $data = file_get_contents($file);
                unlink($file);
                $pool->sendMessage($data, 1);
            }
        });
    },
], 2, SWOOLE_IPC_UNIXSOCK);
$srv->allow('/worker|thrown on purpose/i');
[$other, $send] = [$srv->worker(0), function (string $data) {
    file_put_contents(tmp('new'), $data);
    rename(tmp('new'), tmp("send-$data"));
}];
foreach (['kill', 'crash', 'exit'] as $n => $how) {
    $before = $srv->worker(1);
    $send($how);
    eventually(fn () => $srv->worker(1) !== $before, "after $how there is another worker 1");
}
$send('throw');
$srv->await('got', 4);
contains('thrown on purpose', eventually(fn () => str_contains($srv->output(), 'thrown on purpose') ? $srv->output() : false, 'it is reported'));
$send('fine');
same([1, 'fine'], $srv->await('got', 5));
same($other, $srv->worker(0), 'worker 0 is the same all the time');
matches('/signal 9|SIGKILL/', $srv->output());
matches('/signal 11|SIGSEGV/', $srv->output());
$srv->stop();
