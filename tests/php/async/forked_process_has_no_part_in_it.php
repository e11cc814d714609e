<?php
// What a process has begun is told in it alone; its child begins anew, with threads of its own.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    $who = "parent";
    swoole_async_readfile(__FILE__, function () use (&$who) { echo "$who read\n"; });
    swoole_async::exec("echo x", function () use (&$who) { echo "$who exec\n"; });
    if (($child = pcntl_fork()) === 0) {
        $who = "child";
        swoole_event_wait();
        swoole_async_readfile(__FILE__, fn () => print "child read its own\n");
        swoole_event_wait();
        exit(0);
    }
    pcntl_waitpid($child, $status);
    swoole_event_wait();
    ');
same(0, $code);
$lines = explode("\n", trim($output));
sort($lines);
same(['child read its own', 'parent exec', 'parent read'], $lines);
