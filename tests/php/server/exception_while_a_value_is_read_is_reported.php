<?php
// What __wakeup() throws where a value arrives: in a task worker, a finish event and a message it is reported and counted, and the callback is not called;
// taskwait() throws it to its caller.
require __DIR__ . '/../../support/php/bootstrap.php';

final class Fragile
{
    public function __construct(public string $where)
    {
    }

    public function __wakeup(): void
    {
        throw new LogicException("woken in $this->where");
    }
}

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'task' => fn ($server) => $server->task(new Fragile('a task')),
        'answer' => fn ($server) => $server->task('an answer'),
        'own' => fn ($server) => $server->task('a finish callback', -1, fn () => note('called')),
        'wait' => function ($server) {
            try {
                return $server->taskwait('taskwait', PATIENCE);
            } catch (LogicException $thrown) {
                return $thrown->getMessage();
            }
        },
        'lost' => fn ($server) => $server->stats()['lost_count'],
        'message' => fn ($server) => $server->sendMessage(new Fragile('a message'), 1),
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn ($server, $id, $source, $data) => is_string($data) ? new Fragile($data) : note('called'));
    $server->on('finish', fn () => note('called'));
    $server->on('pipeMessage', fn () => note('called'));
});
$pids = [$srv->worker(0), $srv->worker(1)];
same([0, 1, 2, true], [$srv->call('task'), $srv->call('answer'), $srv->call('own'), $srv->call('message')]);
same('woken in taskwait', $srv->call('wait'));
foreach (['a task', 'an answer', 'a finish callback', 'a message'] as $where) {
    $srv->expect("/Uncaught LogicException: woken in $where/");
}
same(4, $srv->call('lost'), 'values that nobody got');
same($pids, [$srv->worker(0), $srv->worker(1)], 'the processes');
$srv->stop();
same([], $srv->notes('called'));
