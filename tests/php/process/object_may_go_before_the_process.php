<?php
// A process goes on when the parent lets its object go; wait() still tells its end.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$file = tmp('go');
$pid = (new Swoole\Process(function () use ($file) {
    holdFor($file);
    exit(4);
}))->start();
gc_collect_cycles();
ok(alive($pid), 'it lives');
touch($file);
same(['pid' => $pid, 'code' => 4, 'signal' => 0], Swoole\Process::wait());
