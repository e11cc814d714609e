<?php
// A stream whose last variable is gone stays open while it is in the loop, and is closed when it is taken out.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
swoole_event_add($one, function ($one) {
    fwrite($one, 'got ' . fread($one, 100));
    swoole_event_del($one);
});
unset($one);
gc_collect_cycles();
fwrite($other, 'hello');
loop();
same('got hello', fread($other, 100));
same('', fread($other, 100));
ok(feof($other), 'it is closed');
