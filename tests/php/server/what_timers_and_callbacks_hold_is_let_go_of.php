<?php
// What a timer, a deferred call or a finish callback holds is destroyed as soon as it is not needed, and at the latest before its process ends.
require __DIR__ . '/../../support/php/bootstrap.php';

final class Held
{
    public function __construct(private string $by)
    {
    }

    public function __destruct()
    {
        note('gone', $this->by);
    }
}

$srv = serve(function (Swoole\Server $server) {
    $server->set(['task_worker_num' => 1, 'max_wait_time' => 1]);
    $server->on('task', fn ($server, $id, $source, $data) => $data);
    $hold = function (string $by) {
        $held = new Held($by);
        return fn () => $held;
    };
    offers($server, [
        'after' => fn ($server) => $server->after(1, $hold('after')) > 0,
        'parameter' => fn ($server) => $server->after(1, fn () => null, new Held('parameter')) > 0,
        'cleared tick' => fn ($server) => $server->clearTimer($server->tick(1000, $hold('cleared tick'))),
        'deferred' => fn ($server) => $server->defer($hold('deferred')),
        'answered' => fn ($server) => $server->task('x', -1, $hold('answered')) >= 0,
        'unanswered' => fn ($server) => $server->task(null, -1, $hold('unanswered')) >= 0,
        'left' => fn ($server) => $server->tick(100000, $hold('left')) > 0,
    ]);
});
foreach (['after', 'parameter', 'cleared tick', 'deferred', 'answered', 'unanswered'] as $n => $by) {
    same(true, $srv->call($by), $by);
    same([$by], $srv->await('gone', $n + 1));
}
same(true, $srv->call('left'));
$srv->allow('/a tick every 100000 ms/');
$srv->stop();
same(['left'], $srv->notes('gone')[6] ?? null);
same(7, count($srv->notes('gone')));
