<?php
// A fatal error in the destructor of what a timer held, or of what onTask returned, replaces the process at once: it takes up nothing more.
require __DIR__ . '/../../support/php/bootstrap.php';

final class Dying
{
    public static bool $armed = false;

    public function __destruct()
    {
        if (self::$armed) {
            eval('final class Dying {}');
        }
    }
}

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'after' => function ($server) {
            $held = new Dying;
            Dying::$armed = true;
            $server->after(1, function () use ($held) {
            });
        },
        'defer' => function ($server) {
            $held = new Dying;
            Dying::$armed = true;
            $server->defer(function () use ($held) {
            });
        },
        'task' => fn ($server) => $server->task('x'),
    ]);
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('task', function () {
        Dying::$armed = true;
        return new Dying;
    });
    $server->on('finish', fn () => note('finish'));
    $server->on('workerError', fn ($server, $id, $pid, $code) => note('error', $id, $code));
});
$srv->allow('/Cannot declare class Dying|worker|task/');
foreach (['after' => 0, 'defer' => 0, 'task' => 1] as $how => $worker) {
    $seen = count($srv->notes('error'));
    begin($srv, $how);
    same([$worker, 255], $srv->await('error', $seen + 1), $how);
}
$srv->stop();
