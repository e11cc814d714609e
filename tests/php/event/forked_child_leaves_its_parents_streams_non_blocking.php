<?php
// A child drops what its parent has in the loop, whose streams it shares: they stay non-blocking, and the parent's callback does not wait.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$read = [];
swoole_event_add($one, function ($one) use (&$read) {
    // With a blocking socket the second would wait for ever.
    $read = [fread($one, 100), fread($one, 100)];
    swoole_event_del($one);
});
inChild(function () {
    swoole_timer_after(1, fn () => null);
    swoole_event_wait();
});
fwrite($other, 'data');
loop();
same(['data', ''], $read);
