<?php
// Timers that fired and timers that were cleared let go of callback and arguments: memory is flat.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$fired = 0;
$round = function (int $many) use (&$fired) {
    for ($n = 0; $n < $many; $n++) {
        $big = str_repeat('x', 500) . $n;
        swoole_timer_after(1 + $n % 3, function ($argument) use (&$fired, $big) {
            $fired++;
        }, $big);
        swoole_timer_clear(swoole_timer_tick(1000, fn () => $big, $big));
    }
    loop();
};
$object = new stdClass();
$weak = WeakReference::create($object);
swoole_timer_clear(swoole_timer_tick(1000, fn () => $object, $object));
unset($object);
same(null, $weak->get(), 'what a cleared timer held');
$round(10_000);
gc_collect_cycles();
$memory = memory_get_usage();
for ($n = 0; $n < 3; $n++) {
    $round(10_000);
}
gc_collect_cycles();
same(40_000, $fired);
between(-1_000_000, 50_000, memory_get_usage() - $memory, 'bytes more after 60,000 timers');
