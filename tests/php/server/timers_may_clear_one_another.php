<?php
// A timer that is cleared by another one due at the same time does not fire; one that sets another in its callback does no harm.
require __DIR__ . '/../../support/php/bootstrap.php';

function chain($server, $left)
{
    $left ? $server->after(1, fn () => chain($server, $left - 1)) : note('end of the chain');
}
$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'pair' => function ($server) {
            $timers = [];
            foreach ([0, 1] as $n) {
                $timers[$n] = $server->after(10, function () use ($server, $n, &$timers) {
                    note('fired', $n, $server->clearTimer($timers[1 - $n]), $server->clearTimer($timers[$n]));
                });
            }
        },
        'chain' => fn ($server) => chain($server, 50),
        'clear' => fn ($server) => array_map(fn ($id) => warnings(fn () => $server->clearTimer($id))[0], [0, -1, 12345]),
        'same' => function ($server) {
            $id = $server->after(1000, fn () => note('never'));
            return [$server->clearTimer($id), $server->clearTimer($id)];
        },
    ]);
});
$srv->call('pair');
same([0, true, false], $srv->await('fired'));
$srv->call('chain');
$srv->await('end of the chain');
same([false, false, false], $srv->call('clear'));
same([true, false], $srv->call('same'));
same(1, count($srv->notes('fired')));
$srv->stop();
