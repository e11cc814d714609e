<?php
// What the script's exception handler throws, about an exception in the loop at the script's end, is reported, and the exit code is 255.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('set_exception_handler(fn () => throw new LogicException("second"));
    swoole_timer_after(1, fn () => throw new LogicException("first"));');
same(255, $code, 'exit code');
contains('Uncaught LogicException: second', $output);
