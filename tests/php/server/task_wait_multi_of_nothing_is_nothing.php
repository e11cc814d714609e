<?php
// taskWaitMulti([]) comes back at once with no answers; what is no array is a TypeError.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'none' => fn ($server) => $server->taskWaitMulti([], PATIENCE),
        'type' => fn ($server) => throws(TypeError::class, fn () => $server->taskWaitMulti('x')) instanceof TypeError,
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => 1);
});
$begin = microtime(true);
same([], $srv->call('none') ?: []);
between(0, 5, microtime(true) - $begin, 'seconds');
same(true, $srv->call('type'));
$srv->stop();
