<?php
// taskwait() waits for the first answer and gives it; onFinish is not called.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['wait' => fn ($server, $data) => $server->taskwait($data, PATIENCE)]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', function ($server, $id, $source, $data) {
        note('task', $id);
        if ($data === 'slow') {
            holdFor(tmp('go'));
        }
        return ["$data done", $id];
    });
    $server->on('finish', fn () => note('finish'));
});
same(['first done', 0], $srv->call('wait', 'first'));
$waiting = begin($srv, 'wait', 'slow');
$srv->await('task', 2);
$waiting->silent();
touch(tmp('go'));
same(['slow done', 1], resultOf($waiting));
same([], $srv->notes('finish'));
$srv->stop();
