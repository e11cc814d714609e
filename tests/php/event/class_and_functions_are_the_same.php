<?php
// Swoole\Event, swoole_event and the functions are one loop.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$ran = [];
ok(Swoole\Event::add($one, function ($one) use (&$ran) {
    $ran[] = fread($one, 10);
}) !== false, 'added');
same(true, swoole_event_isset($one));
same(true, swoole_event::write($other, 'data'));
same(true, Swoole\Event::cycle(function () use (&$ran, $one) {
    if ($ran) {
        $ran[] = 'cycle';
        same(true, Swoole\Event::set($one, fn () => null));
        same(true, swoole_event::del($one));
    }
}));
Swoole\Event::wait();
same(['data', 'cycle'], $ran);
swoole_event::cycle(null);
same(true, Swoole\Event::dispatch());
Swoole\Event::exit();
