<?php
// A descriptor closed behind the loop's back whose number a new stream gets: the new one can be added, and has its own callback.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script(<<<'PHP'
    $pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    swoole_event_add($pair[0], fn () => print "old\n");
    swoole_timer_after(1, function () use (&$pair) {
        fclose($pair[0]);
        fclose($pair[1]);
        $pair = $new = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        $added = swoole_event_add($new[0], function ($one) {
            echo 'new ', fread($one, 10), "\n";
            swoole_event_del($one);
        });
        fwrite($new[1], 'data');
    });
    swoole_event_wait();
    PHP);
same(0, $code);
contains("new data\n", $output);
ok(!str_contains($output, "old\n"), "the old callback is gone: $output");
