<?php
// What a timer or a deferred call throws is reported as an uncaught exception; a tick goes on.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['set' => function ($server) {
        $n = 0;
        $server->tick(5, function ($timer) use ($server, &$n) {
            note('tick');
            ++$n === 3 ? $server->clearTimer($timer) : throw new RuntimeException("thrown in tick $n");
        });
        $server->after(5, fn () => throw new RuntimeException('thrown in after'));
        $server->defer(fn () => throw new RuntimeException('thrown in defer'));
    }]);
});
$pid = $srv->worker(0);
$srv->call('set');
$srv->await('tick', 3);
foreach (['tick 1', 'tick 2', 'after', 'defer'] as $where) {
    $srv->expect("/Uncaught RuntimeException: thrown in $where/");
}
same($pid, $srv->worker(0), 'the worker lives on');
$srv->stop();
