<?php
// Streams closed without swoole_event_del(), in a callback of their own or of others, do not keep the loop for ever.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script(<<<'PHP'
    [$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    [$c, $d] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    swoole_event_add($a, function ($a) {
        echo fread($a, 10), "\n";
        fclose($a); // itself
    });
    swoole_event_add($c, fn () => print "never\n");
    swoole_timer_after(1, function () use ($b, $c) {
        fwrite($b, 'data');
        fclose($c); // another
    });
    swoole_event_wait();
    echo "over\n";
    PHP);
same(0, $code);
matches('/^data\n(?!never).*over\n$/s', $output);
ok(!str_contains($output, 'never'), 'a closed descriptor is not called');
