<?php
// A worker that is killed with answers in its own memory, which it took out of its mailbox to make room for others, takes them with it: the
// others are heard by its successor, and stats() and the log tell how many were lost.
require __DIR__ . '/../../support/php/bootstrap.php';

const TASKS = 400;
$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'give' => function ($server) {
            for ($n = 0; $n < TASKS; $n++) {
                while (@$server->task(str_repeat('x', 1000)) === false) {
                    usleep(500); // time: the task workers have to get on
                }
            }
            note('given');
            posix_kill(posix_getpid(), SIGKILL);
        },
        'stats' => fn ($server) => $server->stats(),
    ]);
    $server->set(['task_worker_num' => 1, 'task_queue_size' => 1 << 16]);
    $server->on('task', fn ($server, $id, $source, $data) => str_repeat('y', 5 * strlen($data)));
    $server->on('finish', fn () => note('finish'));
});
$srv->allow('/worker/i');
$pid = $srv->worker(0);
begin($srv, 'give');
$srv->await('given');
eventually(fn () => $srv->worker(0) !== $pid, 'it is replaced');
eventually(fn () => $srv->call('stats')['mail_dropped_count'] + count($srv->notes('finish')) === TASKS, 'each answer is heard or counted');
$lost = $srv->call('stats')['mail_dropped_count'];
ok($lost > 0, 'some lay in its memory');
contains("has taken $lost answers with it", $srv->output());
$srv->stop();
