<?php
// Ten thousand timers at once: each fires once, and those that were cleared do not.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['set' => function ($server) {
        $fired = array_fill(0, 10_000, 0);
        for ($n = 0; $n < 10_000; $n++) {
            $timers[$n] = $server->after(1 + $n % 50, function () use ($n, &$fired) {
                $fired[$n]++;
            });
        }
        for ($n = 0; $n < 10_000; $n += 3) {
            $server->clearTimer($timers[$n]);
        }
        $server->after(300, function () use (&$fired) {
            note('fired', array_count_values($fired), $fired[0], $fired[1], $fired[3]);
        });
    }]);
});
$srv->call('set');
same([[3334, 6666], 0, 1, 0], $srv->await('fired'));
$srv->stop();
