<?php
// close() before the connection is there: no event follows and the loop ends at once.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$full, $held] = fullPort();
$events = [];
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
foreach (['connect', 'receive', 'error', 'close'] as $name) {
    $client->on($name, function () use ($name, &$events) {
        $events[] = $name;
    });
}
$client->connect('127.0.0.1', $full, 60);
swoole_timer_after(10, fn () => $client->close());
$begin = hrtime(true);
loop();
same([], $events);
between(0, 5000, (hrtime(true) - $begin) / 1e6, 'milliseconds');
