<?php
// While a worker is replaced again and again, every message sent to it is handled once, in order, by one or the other.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    echoes($server);
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $sent = 0;
    $send = function () use ($server, &$send, &$sent) {
        for ($n = 0; $n < 200; $n++) {
            if (file_exists(tmp('enough'))) {
                return note('sent', $sent);
            }
            if (!@$server->sendMessage($sent, 0)) {
                break;
            }
            $sent++;
        }
        $server->after(1, $send);
    };
    $server->on('workerStart', fn ($server, $id) => $id === 1 && $server->after(1, $send));
    $first = $last = null;
    $server->on('pipeMessage', function ($server, $source, $message) use (&$first, &$last) {
        $first ??= $message;
        if ($last !== null && $message !== $last + 1) {
            note('gap', $last, $message);
        }
        $last = $message;
    });
    $server->on('workerStop', function ($server, $id) use (&$first, &$last) {
        $id === 0 && $first !== null && note('handled', $first, $last);
    });
});
$srv->allow('/queue|full|worker/i');
for ($n = 1; $n <= 10; $n++) {
    $pid = $srv->worker(0);
    posix_kill($pid, SIGTERM);
    eventually(fn () => $srv->worker(0) !== $pid, 'the worker is replaced');
}
touch(tmp('enough'));
[$sent] = $srv->await('sent');
$srv->stop();
$next = 0;
foreach ($srv->notes('handled') as [$first, $last]) {
    same($next, $first, 'the first message of a worker');
    $next = $last + 1;
}
same($sent, $next, 'messages handled');
same([], $srv->notes('gap'));
