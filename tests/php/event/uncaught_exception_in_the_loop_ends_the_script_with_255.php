<?php
// Nobody catches it: PHP reports it, the exit code is 255, and no further callback runs. In wait() and at the script's end.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['swoole_event_wait(); echo "not reached";', ''] as $end) {
    [$code, $output] = script('swoole_timer_after(1, fn () => throw new LogicException("boom"));
        swoole_timer_after(30, fn () => print "later");
        ' . $end);
    same(255, $code, "exit code with '$end' at the end");
    contains('Uncaught LogicException: boom', $output);
    ok(!str_contains($output, 'later') && !str_contains($output, 'not reached'), "nothing runs after it: $output");
}
