<?php
// swoole_event_exit() outside the loop drops what is set, so nothing runs at the end of the script.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

same([0, "last line\n"], script(<<<'PHP'
    swoole_timer_tick(1, fn () => print "timer\n");
    [$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    fwrite($other, 'x');
    swoole_event_add($one, fn () => print "input\n");
    swoole_event_exit();
    echo "last line\n";
    PHP));
