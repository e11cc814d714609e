<?php
// A stream in the loop never makes a callback wait: reading more than is there gives what is there. Taken out, it is as before.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($other, 'data');
$read = [];
swoole_event_add($one, function ($one) use (&$read) {
    $read = [fread($one, 100), fread($one, 100)];
    swoole_event_del($one);
});
loop();
same(['data', ''], $read);
