<?php
// More operations than may wait: the call gives false with a warning; those that were taken are all done.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), 'x');
$taken = $called = 0;
[, $messages] = warnings(function () use (&$taken, &$called) {
    for ($n = 0; $n < 20_000; $n++) {
        $taken += (int) swoole_async_readfile(tmp('file'), function () use (&$called) {
            $called++;
        });
    }
    return null;
});
ok($taken >= 1000 && $taken < 20_000, "taken: $taken");
same(20_000 - $taken, count($messages));
loop();
same($taken, $called);
