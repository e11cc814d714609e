<?php
// What the loop was given is held while it is needed and let go of after: no memory and no descriptor stays of ten thousand.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$object = new stdClass();
$weak = WeakReference::create($object);
[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
swoole_event_add($one, function ($one) use ($object) {
    swoole_event_del($one);
});
unset($object);
ok($weak->get() !== null, 'held while it is in the loop');
fwrite($other, 'x');
loop();
same(null, $weak->get());

$descriptors = fn () => count(scandir('/proc/self/fd'));
$round = function () {
    [$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $big = str_repeat('x', 1000);
    swoole_event_add($one, function ($one) use ($big) {
        swoole_event_del($one);
    });
    swoole_event_set($one, function ($one) use ($big) {
        swoole_event_del($one);
    });
    swoole_event_defer(fn () => $big);
    swoole_event_write($other, 'x');
    loop();
};
for ($n = 0; $n < 10; $n++) {
    $round();
}
gc_collect_cycles();
[$memory, $open] = [memory_get_usage(), $descriptors()];
for ($n = 0; $n < 10_000; $n++) {
    $round();
}
gc_collect_cycles();
between(-1_000_000, 20_000, memory_get_usage() - $memory, 'bytes more after 10,000 rounds');
same($open, $descriptors(), 'open descriptors');
