<?php
// after() hands its extra arguments to the callback, tick() behind the timer's number.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['set' => function ($server) {
        $object = new ArrayObject([1]);
        $after = $server->after(5, fn (...$arguments) => note('after', count($arguments), $arguments[0], $arguments[1] === $object), ['a' => 1], $object);
        $tick = $server->tick(5, function (...$arguments) use ($server) {
            note('tick', ...$arguments);
            $server->clearTimer($arguments[0]);
        }, 'x', null, 2.5);
        $server->after(5, fn () => note('plain', func_num_args()));
        $server->tick(5, function () use ($server) {
            note('plain tick', func_num_args());
            $server->clearTimer(func_get_arg(0));
        });
        return [$after, $tick];
    }]);
});
[$after, $tick] = $srv->call('set');
ok($after > 0 && $tick > 0 && $after !== $tick, 'timers have numbers');
same([2, ['a' => 1], true], $srv->await('after'));
same([$tick, 'x', null, 2.5], $srv->await('tick'));
same([0], $srv->await('plain'));
same([1], $srv->await('plain tick'));
$srv->stop();
