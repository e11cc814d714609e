<?php
// A script that dies of an exception or of a fatal error does not run its loop on top of that.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['throw new LogicException("boom");', 'no_such_function();', 'class A { abstract function b(); }', 'trigger_error("boom", E_USER_ERROR);'] as $death) {
    [$code, $output] = script("swoole_timer_after(1, fn () => print \"timer\\n\");\nif (true) { $death }");
    same(255, $code, "exit code after $death");
    contains('Fatal error', $output);
    ok(!str_contains($output, "timer\n"), "the loop stays still after $death: $output");
}
