<?php
// A tick keeps to its rhythm: 100 ticks of 10 ms, each of which works for 3 ms, come at the multiples of 10 ms.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['tick' => function ($server) {
        $begin = hrtime(true);
        $times = [];
        $server->tick(10, function ($timer) use ($server, $begin, &$times) {
            $times[] = (hrtime(true) - $begin) / 1e6;
            usleep(3000); // time: the work of a tick
            if (count($times) === 100) {
                $server->clearTimer($timer);
                note('times', $times);
            }
        });
    }]);
});
$srv->call('tick');
[$times] = $srv->await('times');
foreach ($times as $n => $time) {
    ok($time >= 10 * ($n + 1), "tick $n comes after $time ms, not before its time");
}
$on = array_filter($times, fn ($time) => fmod($time, 10) < 5);
ok(count($on) >= 75, 'most ticks come at a multiple of 10 ms, ' . count($on) . ' of 100 did');
between(1000, 3000, end($times), 'milliseconds of 100 ticks');
$srv->stop();
