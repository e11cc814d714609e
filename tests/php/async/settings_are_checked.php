<?php
// swoole_async_set(): wrong values and names that are not known are told.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([['thread_num' => 0], ['thread_num' => 33], ['dns_server' => 'no address'], ['no_such_setting' => 1]] as $settings) {
    [$result, $messages] = warnings(fn () => swoole_async_set($settings));
    same([false, 1], [$result, count($messages)], json_encode([$settings, $messages]));
}
same(true, swoole_async_set(['thread_num' => 4]));
file_put_contents(tmp('file'), 'x');
for ($n = 0; $n < 20; $n++) {
    swoole_async_readfile(tmp('file'), fn () => null);
}
loop();
$threads = count(glob('/proc/self/task/*'));
between(2, 6, $threads, 'threads of this process');
