<?php
// A loop that holds something cannot go into the processes of a server: start() is refused and says what is set.
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    $server = new Swoole\Server("127.0.0.1", 0, ' . MODE . ');
    $server->on("receive", fn () => null);
    $timer = swoole_timer_after(50, fn () => print "timer\n");
    var_dump($server->start());
    ');
same(0, $code);
contains('bool(false)', $output);
contains('a timer that has not fired', $output);
contains("timer\n", substr($output, strpos($output, 'bool(false)')));
