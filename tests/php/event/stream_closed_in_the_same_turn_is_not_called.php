<?php
// Two streams are ready, and the callback of either closes the other: only one callback is called.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    foreach ([0, 1] as $n) {
        [$ours[$n], $theirs[$n]] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        fwrite($theirs[$n], "data");
        swoole_event_add($ours[$n], function ($stream) use (&$ours, $n) {
            echo fread($stream, 10), "\n";
            swoole_event_del($stream);
            fclose($ours[1 - $n]);
        });
    }
    swoole_event_wait();');
same(0, $code, 'exit code');
matches('/^data\n[^\n]*without swoole_event_del[^\n]*\n$/', $output);
