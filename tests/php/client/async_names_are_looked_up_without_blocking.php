<?php
// A name server that never answers: timers go on meanwhile, and connect() fails within its timeout.
// mode: any
// time: a timeout of 300 ms
require __DIR__ . '/../../support/php/bootstrap.php';

[$silent, $port] = listener('udp://127.0.0.1:0');
swoole_async_set(['dns_server' => "127.0.0.1:$port"]);
$ticks = 0;
$tick = swoole_timer_tick(10, function () use (&$ticks) {
    $ticks++;
});
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
foreach (['connect', 'receive', 'close'] as $name) {
    $client->on($name, fn () => throw new Failed($name));
}
$begin = hrtime(true);
$client->on('error', function ($client) use ($tick, $begin, &$passed) {
    $passed = (hrtime(true) - $begin) / 1e6;
    swoole_timer_clear($tick);
});
warnings(function () use ($client) {
    same(true, $client->connect('example.org', 80, 0.3));
    loop();
});
between(290, 2000, $passed, 'milliseconds until the error');
ok($ticks >= 10, "ticks meanwhile: $ticks");
