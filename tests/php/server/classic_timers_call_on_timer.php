<?php
// addtimer() lets onTimer run every so many milliseconds, gettimer() lists them, deltimer() ends one.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('timer', fn ($server, ...$arguments) => note('timer', ...$arguments));
    offers($server, [
        'add' => fn ($server, $interval) => (bool) $server->addtimer($interval),
        'delete' => fn ($server, $interval) => (bool) warnings(fn () => $server->deltimer($interval))[0],
        'get' => fn ($server) => $server->gettimer(),
        'bad' => fn ($server) => refused($server, fn () => $server->addtimer(0)),
    ]);
});
same(true, $srv->call('add', 10));
same([10], $srv->await('timer'));
$srv->await('timer', 3);
same(true, $srv->call('add', 5000));
$timers = $srv->call('get');
sort($timers);
same([10, 5000], $timers);
same(true, $srv->call('delete', 10));
same([5000], $srv->call('get'));
$number = count($srv->notes('timer'));
same(true, $srv->call('add', 40));
eventually(fn () => in_array([40], $srv->notes('timer'), true), 'the other timer fires');
same($number, count(array_keys($srv->notes('timer'), [10], true)), 'calls for the timer that was deleted');
same([false, false], [$srv->call('delete', 10), $srv->call('bad')[0]]);
$srv->allow('/tick|timer/i');
$srv->stop();
