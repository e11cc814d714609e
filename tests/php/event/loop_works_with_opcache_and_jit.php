<?php
// Loop, timers and clients under opcache with its JIT: the same, without a warning.
// mode: any
// php: -d zend_extension=opcache -d opcache.enable_cli=1 -d opcache.jit=1255 -d opcache.jit_buffer_size=32M
require __DIR__ . '/../../support/php/bootstrap.php';

$sum = 0;
[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$counts = function ($one) use (&$sum, $other) {
    $sum += strlen(fread($one, 8192));
    $sum < 5000 ? fwrite($other, 'x') : swoole_event_del($one);
};
swoole_event_add($one, $counts);
fwrite($other, 'x');
$ticks = 0;
swoole_timer_tick(1, function ($id) use (&$ticks) {
    ++$ticks === 20 && swoole_timer_clear($id);
});
loop();
same([5000, 20], [$sum, $ticks]);
