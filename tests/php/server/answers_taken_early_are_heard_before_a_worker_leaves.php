<?php
// A worker that gives more tasks at once than the queue holds takes answers out of its mailbox to make room for others. It hears them
// before it leaves, as nobody else can.
require __DIR__ . '/../../support/php/bootstrap.php';

const TASKS = 400;
$srv = serve(function (Swoole\Server $server) {
    offers($server, ['give' => function ($server) {
        for ($n = 0; $n < TASKS; $n++) {
            while (@$server->task(str_repeat('x', $n % 50 ? 1000 : 60000)) === false) {
                usleep(500); // time: the task workers have to get on
            }
        }
        posix_kill(posix_getpid(), SIGTERM);
    }]);
    mkdir(tmp('files'));
    $server->set(['task_worker_num' => 1, 'task_queue_size' => 1 << 18, 'max_wait_time' => 20, 'task_tmpdir' => tmp('files')]);
    $server->on('task', fn ($server, $id, $source, $data) => str_repeat('y', 5 * strlen($data)));
    $server->on('finish', fn () => note('finish'));
});
$srv->call('give');
eventually(fn () => count($srv->notes('finish')) === TASKS, 'every answer is heard');
awaitNoTaskFiles(tmp('files'));
$srv->stop();
