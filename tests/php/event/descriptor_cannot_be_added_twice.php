<?php
// A second add() of the same descriptor is refused with a warning, and the first stays as it was.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$ran = [];
swoole_event_add($one, function ($one) use (&$ran) {
    $ran[] = 'first';
    swoole_event_del($one);
});
$second = function () use (&$ran) {
    $ran[] = 'second';
};
[$result, $messages] = warnings(fn () => swoole_event_add($one, $second));
same(false, $result);
same(1, count($messages));
contains('already', $messages[0]);
fwrite($other, 'x');
loop();
same(['first'], $ran);
