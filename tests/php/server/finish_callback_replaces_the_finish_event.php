<?php
// task()'s third argument gets the answer to that task, and onFinish does not; it is let go of when its task has ended.
require __DIR__ . '/../../support/php/bootstrap.php';

class Held
{
    public static int $living = 0;
    public function __construct()
    {
        self::$living++;
    }
    public function __destruct()
    {
        self::$living--;
    }
}
$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'task' => function ($server, $name) {
            $held = new Held();
            return $server->task($name, -1, function ($server, ...$arguments) use ($name, $held) {
                note('called', $name, $server->worker_id, $held::class, ...$arguments);
            });
        },
        'plain' => fn ($server) => $server->task('plain'),
        'living' => fn () => Held::$living,
    ]);
    $server->set(['task_worker_num' => 2]);
    $server->on('task', function ($server, $id, $source, $data) {
        holdFor(tmp("go-$data"));
        return $data === 'none' ? null : strtoupper($data);
    });
    $server->on('finish', fn ($server, $id, $data) => note('finish', $id, $data));
});
same([0, 1], [$srv->call('task', 'a'), $srv->call('task', 'b')]);
touch(tmp('go-b'));
same(['b', 0, 'Held', 1, 'B'], $srv->await('called'));
same(2, $srv->call('plain'));
touch(tmp('go-plain'));
same([2, 'PLAIN'], $srv->await('finish'));
touch(tmp('go-a'));
same(['a', 0, 'Held', 0, 'A'], $srv->await('called', 2));
touch(tmp('go-none'));
same(3, $srv->call('task', 'none'));
eventually(fn () => $srv->call('living') === 0, 'callbacks of tasks that have ended are let go of');
same([2, 1], [count($srv->notes('called')), count($srv->notes('finish'))]);
$srv->stop();
