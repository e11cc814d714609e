<?php
// Thousands of reads and writes: callbacks are let go of, memory and descriptors stay.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), str_repeat('x', 1000));
$called = 0;
$round = function (int $many) use (&$called) {
    for ($n = 0; $n < $many; $n++) {
        $big = str_repeat('y', 500);
        swoole_async_readfile(tmp('file'), function ($file, $content) use ($big, &$called) {
            $called += strlen($content) === 1000;
        });
        swoole_async_writefile(tmp('other' . $n % 10), $big, function () use ($big, &$called) {
            $called++;
        });
    }
    loop();
};
$round(1000);
gc_collect_cycles();
[$open, $memory] = [count(scandir('/proc/self/fd')), memory_get_usage()];
for ($n = 0; $n < 4; $n++) {
    $round(1000);
}
gc_collect_cycles();
same(10_000, $called);
between(-1_000_000, 50_000, memory_get_usage() - $memory, 'bytes more');
same($open, count(scandir('/proc/self/fd')));
