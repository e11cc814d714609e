<?php
// A value whose class refuses to be unserialised is reported and counted; taskwait() is told at once, and the next task is done.
require __DIR__ . '/../../support/php/bootstrap.php';

class Refuses
{
    public function __construct(public string $where)
    {
    }
    public function __serialize(): array
    {
        return [$this->where];
    }
    public function __unserialize(array $data): void
    {
        throw new RuntimeException("refuses to be read by $data[0]");
    }
}
$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server, $data) => $server->taskwait($data === 'refuse' ? new Refuses('a task') : $data, 60.0),
        'answer' => function ($server) {
            try {
                return ['gave', $server->taskwait('answer', 60.0)];
            } catch (RuntimeException $thrown) {
                return ['threw', $thrown->getMessage()];
            }
        },
        'task' => fn ($server) => $server->task('event'),
        'message' => fn ($server) => $server->sendMessage(new Refuses('a message'), 1),
        'tasking' => fn ($server) => $server->stats()['tasking_num'],
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn ($server, $id, $source, $data) => match ($data) {
        'answer' => new Refuses('taskwait'),
        'event' => new Refuses('onFinish'),
        default => $data,
    });
    $server->on('finish', fn () => note('finish'));
    $server->on('pipeMessage', fn () => note('message'));
});
$pids = pids($srv, 2);
same(false, $srv->call('wait', 'refuse'));
$srv->expect('/Uncaught RuntimeException: refuses to be read by a task/');
same(['threw', 'refuses to be read by taskwait'], $srv->call('answer'));
$srv->call('task');
$srv->expect('/Uncaught RuntimeException: refuses to be read by onFinish/');
$srv->call('message');
$srv->expect('/Uncaught RuntimeException: refuses to be read by a message/');
same('next', $srv->call('wait', 'next'));
eventually(fn () => $srv->call('tasking') === 0, 'no task is left');
same([[], []], [$srv->notes('finish'), $srv->notes('message')]);
same($pids, pids($srv, 2), 'the processes live on');
$srv->allow('/value|serialize|message|answer|task/i');
$srv->stop();
