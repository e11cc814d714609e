<?php
// A script that closes a stream it has added, and only then waits: the loop finds that and ends.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    swoole_event_add($one, fn () => print "never\n");
    fclose($one);
    swoole_event_wait();
    echo "over\n";');
same(0, $code, 'exit code');
matches('/without swoole_event_del.*\nover\n$/', $output);
