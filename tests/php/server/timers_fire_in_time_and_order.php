<?php
// No timer fires before its time, they fire in the order of their times, and not much later.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['set' => function ($server) {
        foreach ([50, 1, 20, 20, 300, 7, 100] as $n => $delay) {
            $begin = hrtime(true);
            $server->after($delay, fn () => note('fired', $n, $delay, (hrtime(true) - $begin) / 1e6));
        }
    }]);
});
$srv->call('set');
$srv->await('fired', 7);
same([1, 5, 2, 3, 0, 6, 4], array_column($srv->notes('fired'), 0), 'order');
foreach ($srv->notes('fired') as [, $delay, $passed]) {
    between($delay, $delay + 200, $passed, "milliseconds of a timer of $delay");
}
$srv->stop();
