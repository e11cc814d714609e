<?php
// What a process has set is not its child's: the child's wait() returns, its own timer runs, and the parent's goes on in the parent.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script(<<<'PHP'
    [$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $who = 'parent';
    swoole_event_add($one, function ($one) use (&$who) {
        echo "$who reads ", fread($one, 10), "\n";
        swoole_event_del($one);
        swoole_timer_clear($GLOBALS['timer']);
        swoole_timer_after(1, fn () => print "$who timer\n");
    });
    $timer = swoole_timer_after(3600_000, fn () => print "never\n"); // would keep the child
    if (pcntl_fork() === 0) {
        $who = 'child';
        swoole_event_wait();
        swoole_timer_after(1, fn () => print "child's own\n");
        exit(0); // and runs it now
    }
    pcntl_wait($status);
    fwrite($other, 'data');
    swoole_event_wait();
    PHP);
$lines = explode("\n", trim($output));
sort($lines); // on a busy machine timer and data are due in the same turn
same([0, ["child's own", 'parent reads data', 'parent timer']], [$code, $lines]);
