<?php
// swoole_async_write(): at an offset, leaving the rest; -1 or none appends; calls for one file are done in their order.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), 'aaaaaaaaaa');
$order = [];
same(true, swoole_async_write(tmp('file'), 'BB', 3, function ($file, $length) use (&$order) {
    $order[] = [$file, $length];
}));
loop();
same([[tmp('file'), 2]], $order);
same('aaaBBaaaaa', file_get_contents(tmp('file')));
swoole_async_write(tmp('file'), 'end', -1);
loop();
same('aaaBBaaaaaend', file_get_contents(tmp('file')));
swoole_async_write(tmp('hole'), 'x', 5);
for ($n = 0; $n < 300; $n++) {
    swoole_async_write(tmp('log'), "line $n\n", -1, function () use ($n, &$order) {
        $order[] = $n;
    });
}
$order = [];
loop();
same("\0\0\0\0\0x", file_get_contents(tmp('hole')));
same(implode('', array_map(fn ($n) => "line $n\n", range(0, 299))), file_get_contents(tmp('log')));
same(range(0, 299), $order);
